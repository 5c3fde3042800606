/// Files of certificates and keys: read, and what their certificates say, in words. Private to protocol/tls.
///
/// Layer: tls (base only).        Thread rule: none. Reading blocks on the disk.
/// Errors (ErrorKind::system) name the file, what is wrong with it and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/tls/openssl.h"

namespace hearth {

struct PemFile {
  std::string path;
  Bytes text;
  bool others_may_read = false;  ///< every user of this machine
};

/// `what` it is, for the error: "the certificate".
[[nodiscard]] Result<PemFile> read_pem_file(const std::string& path, std::string_view what);

/// All certificates in it, in their order; none: an empty list.
[[nodiscard]] std::vector<CertificatePtr> certificates_in(const PemFile& file);

/// The subject, as TlsIdentity has it.
[[nodiscard]] std::string subject_of(const X509* certificate);
[[nodiscard]] std::string issuer_of(const X509* certificate);

/// "2027-01-31 12:00 UTC".
[[nodiscard]] std::string time_text(const ASN1_TIME* time);

}  // namespace hearth
