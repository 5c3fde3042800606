/// The CAs that one side trusts. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: none. Reading blocks on the disk.
#pragma once

#include <string>

#include <hearth/result.h>

#include "protocol/tls/openssl.h"

namespace hearth {

/// Adds the certificates of the file, or of every file in the directory that has some, to the store. All are read now: a
/// handshake must not wait for the disk, as it would with OpenSSL's own way to use a directory.
/// In a directory made by `openssl rehash` only the names that this has made count, as for OpenSSL.
/// Errors (ErrorKind::system) name the file.
[[nodiscard]] Result<void> trust_authorities(const std::string& path, X509_STORE* store);

}  // namespace hearth
