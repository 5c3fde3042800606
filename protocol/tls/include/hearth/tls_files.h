/// TlsFiles: what one side of TLS shows and whom it trusts, by the files that hold it. The names are those of Pyro's settings.
///
/// Layer: tls, public.        Thread rule: plain values.
#pragma once

#include <string>

#include <hearth/api.h>

namespace HEARTH_API hearth {

struct TlsFiles {
  std::string certificate;  ///< PEM: our certificate, and behind it those that lead to its CA; empty: none
  std::string key;          ///< PEM; empty: it is in the file of the certificate
  std::string passphrase;   ///< of the key; empty: it is not encrypted
  /// PEM: one file with certificates of CAs, or a directory of such files; empty: none but, for a client, the system's.
  std::string authorities;
};

}  // namespace hearth
