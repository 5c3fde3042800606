/// Certificates of the test's own: a CA, and what it issues; made when the test runs, since any that are kept would expire.
#pragma once

#include <memory>
#include <string>

#include <hearth/tls_files.h>

namespace hearth {

struct CertificateWish {
  std::string common_name = "localhost";
  std::string organisation = {};
  std::string hosts = "DNS:localhost,IP:127.0.0.1,IP:::1";  ///< subjectAltName; empty: none
  int valid_from_days = -1;                                 ///< from now on
  int valid_until_days = 1000;
};

class TestAuthority {
 public:
  /// Writes its own certificate to DIRECTORY/NAME.pem.
  TestAuthority(const std::string& directory, const std::string& name);
  ~TestAuthority();

  [[nodiscard]] const std::string& file() const { return file_; }

  /// Writes DIRECTORY/PREFIX.pem and DIRECTORY/PREFIX.key, the key encrypted if there is a passphrase, and names them; the CA is
  /// among the authorities.
  [[nodiscard]] TlsFiles issue(const std::string& prefix, const CertificateWish& wish = {},
                               const std::string& passphrase = {}) const;

 private:
  struct Impl;
  std::string directory_;
  std::string file_;
  std::unique_ptr<Impl> impl_;
};

/// The same signed by itself: no CA knows it.
[[nodiscard]] TlsFiles make_self_signed(const std::string& directory, const std::string& prefix);

}  // namespace hearth
