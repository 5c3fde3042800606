#include "protocol/tls/own_certificate.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/tls/pem_file.h"

namespace hearth {
namespace {

struct Passphrase {
  const std::string& text;
  bool was_asked_for = false;
};

/// Without it OpenSSL would ask on the terminal, and wait.
int give_passphrase(char* into, int room, int, void* user) {
  auto& passphrase = *static_cast<Passphrase*>(user);
  passphrase.was_asked_for = true;
  const std::size_t size = passphrase.text.size();
  if (size == 0 || size > static_cast<std::size_t>(room)) return -1;
  std::memcpy(into, passphrase.text.data(), size);
  return static_cast<int>(size);
}

Result<KeyPtr> read_key(const PemFile& file, const TlsFiles& files, const std::string& variables) {
  const BioPtr bio(BIO_new_mem_buf(file.text.data(), static_cast<int>(file.text.size())));
  HEARTH_CHECK(bio != nullptr);
  Passphrase passphrase{files.passphrase};
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
  ERR_clear_error();
  if (key) return key;
  std::string text;
  if (passphrase.was_asked_for && files.passphrase.empty()) {
    text = fmt::format("the private key {} is encrypted: set its passphrase, {}KEYPASSWD", file.path, variables);
  } else if (passphrase.was_asked_for) {
    text = fmt::format("the private key {} cannot be decrypted with the passphrase of {}KEYPASSWD: correct that",
                       file.path, variables);
  } else if (files.key.empty()) {
    text = fmt::format("{} holds no private key beside the certificate: name the file that does, {}KEY", file.path,
                       variables);
  } else {
    text = fmt::format("{} holds no private key: it must be a PEM file", file.path);
  }
  return fail(ErrorKind::system, std::move(text));
}

}  // namespace

Result<OwnCertificate> load_own_certificate(const TlsFiles& files, const std::string& variables) {
  auto file = read_pem_file(files.certificate, "the certificate");
  if (!file) return forward_error(file);
  auto certificates = certificates_in(*file);
  if (certificates.empty()) {
    return fail(ErrorKind::system, fmt::format("{} holds no certificate: it must be a PEM file", files.certificate));
  }
  OwnCertificate own;
  own.certificate = std::move(certificates.front());
  std::move(certificates.begin() + 1, certificates.end(), std::back_inserter(own.chain));

  if (!files.key.empty()) {
    file = read_pem_file(files.key, "the private key");
    if (!file) return forward_error(file);
  }
  auto key = read_key(*file, files, variables);
  OPENSSL_cleanse(file->text.data(), file->text.size());
  if (!key) return forward_error(key);
  own.key = std::move(*key);
  own.others_may_read_key = file->others_may_read;
  if (X509_check_private_key(own.certificate.get(), own.key.get()) != 1) {
    ERR_clear_error();
    return fail(ErrorKind::system,
                fmt::format("the private key {} does not belong to the certificate {} ({}): take the two that were "
                            "made together",
                            file->path, files.certificate, subject_of(own.certificate.get())));
  }
  return own;
}

}  // namespace hearth
