/// Owners of OpenSSL's objects, and its error queue as text. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: none; the error queue is the calling thread's.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

namespace hearth {

template <auto release>
struct OpensslRelease {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using CertificatePtr = std::unique_ptr<X509, OpensslRelease<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslRelease<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, OpensslRelease<BIO_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, OpensslRelease<SSL_SESSION_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, OpensslRelease<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpensslRelease<SSL_free>>;

/// What the last failed call had to say; empties the queue.
[[nodiscard]] inline std::string take_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  std::string text = reason != nullptr ? reason : "error " + std::to_string(code);
  ERR_clear_error();
  return text;
}

}  // namespace hearth
