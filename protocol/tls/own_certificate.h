/// The certificate and private key that one side shows. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: none. Reading blocks on the disk.
#pragma once

#include <string>
#include <vector>

#include <hearth/result.h>
#include <hearth/tls_files.h>

#include "protocol/tls/openssl.h"

namespace hearth {

struct OwnCertificate {
  CertificatePtr certificate;
  std::vector<CertificatePtr> chain;  ///< from its issuer upwards
  KeyPtr key;
  bool others_may_read_key = false;
};

/// `variables` is the beginning of Pyro's names for these files: "PYRO_SSL_SERVER" or "PYRO_SSL_CLIENT".
/// Errors (ErrorKind::system) name the file, what is wrong with it and what to do.
[[nodiscard]] Result<OwnCertificate> load_own_certificate(const TlsFiles& files, const std::string& variables);

}  // namespace hearth
