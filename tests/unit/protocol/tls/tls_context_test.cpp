#include "protocol/tls/tls_context.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/support/certificates.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

using ClientCertificate = TlsContext::ClientCertificate;

std::string server_error(const TlsFiles& files, ClientCertificate wanted = ClientCertificate::unwanted) {
  const auto context = TlsContext::for_server(files, wanted);
  REQUIRE_FALSE(context.has_value());
  CHECK(context.error().kind == ErrorKind::system);
  return context.error().text;
}

}  // namespace

TEST_CASE("tls context: what is wrong with a file is said with its name") {
  TempDir dir;
  const TestAuthority authority(dir.path(), "Lab CA");
  const TlsFiles good = authority.issue("good");
  const TlsFiles other = authority.issue("other");
  const TlsFiles secret = authority.issue("secret", {}, "open sesame");
  write_file(dir / "empty", "");

  TlsFiles files = good;
  files.certificate = dir / "none";
  CHECK(server_error(files) == "cannot read the certificate, the file " + dir / "none" + ": No such file or directory");
  files.certificate = dir.path();
  CHECK(server_error(files) == "cannot read the certificate, the file " + dir.path() + ": it is no regular file");
  files.certificate = dir / "empty";
  CHECK(server_error(files) == dir / "empty" + " holds no certificate: it must be a PEM file");

  files = good;
  files.key = dir / "none";
  CHECK(server_error(files) == "cannot read the private key, the file " + dir / "none" + ": No such file or directory");
  files.key = good.certificate;
  CHECK(server_error(files) == good.certificate + " holds no private key: it must be a PEM file");
  files.key = "";
  CHECK(server_error(files) == good.certificate +
                                   " holds no private key beside the certificate: name the file that does, "
                                   "PYRO_SSL_SERVERKEY");
  files.key = other.key;
  CHECK(server_error(files) == "the private key " + other.key + " does not belong to the certificate " +
                                   good.certificate + " (CN=localhost): take the two that were made together");

  files = secret;
  CHECK(TlsContext::for_server(files, ClientCertificate::unwanted).has_value());
  files.passphrase = "wrong";
  CHECK(server_error(files) ==
        "the private key " + secret.key +
            " cannot be decrypted with the passphrase of PYRO_SSL_SERVERKEYPASSWD: correct that");
  files.passphrase = "";
  CHECK(server_error(files) ==
        "the private key " + secret.key + " is encrypted: set its passphrase, PYRO_SSL_SERVERKEYPASSWD");
  const auto client = TlsContext::for_client(files);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error().text.find("PYRO_SSL_CLIENTKEYPASSWD") != std::string::npos);

  files = good;
  files.authorities = dir / "none";
  CHECK(server_error(files, ClientCertificate::required) ==
        "cannot read the certificates of CAs, the file " + dir / "none" + ": No such file or directory");
  files.authorities = dir / "empty";
  CHECK(server_error(files, ClientCertificate::optional) ==
        dir / "empty" + " holds no certificate of a CA: it must be a PEM file");
}

TEST_CASE("tls context: a file that may not be read") {
  TempDir dir;
  TlsFiles files = TestAuthority(dir.path(), "Lab CA").issue("server");
  std::filesystem::permissions(dir.path(), std::filesystem::perms::all);
  std::filesystem::permissions(files.key, std::filesystem::perms::none);
  const OrdinaryUser user;
  CHECK(server_error(files) == "cannot read the private key, the file " + files.key + ": Permission denied");
}

TEST_CASE("tls context: the certificate and its key may be in one file") {
  TempDir dir;
  TlsFiles files = TestAuthority(dir.path(), "Lab CA").issue("server");
  write_file(dir / "both.pem", read_file(files.key) + read_file(files.certificate));
  const auto context = TlsContext::for_server({dir / "both.pem", "", "", ""}, ClientCertificate::unwanted);
  REQUIRE(context.has_value());
  CHECK((*context)->own_certificate() == "CN=localhost (" + dir / "both.pem" + ")");
}

TEST_CASE("tls context: a directory of CAs") {
  TempDir dir;
  const TestAuthority authority(dir.path(), "Lab CA");
  TlsFiles files = authority.issue("server");
  files.authorities = dir / "cas";
  std::filesystem::create_directory(files.authorities);
  CHECK(server_error(files, ClientCertificate::required) ==
        "no file in the directory of CAs " + files.authorities + " holds a certificate in PEM form");
  write_file(files.authorities + "/README", "about these");
  CHECK_FALSE(TlsContext::for_server(files, ClientCertificate::required).has_value());
  write_file(files.authorities + "/lab.pem", read_file(authority.file()));
  CHECK(TlsContext::for_server(files, ClientCertificate::required).has_value());
  // Where there are names that OpenSSL looks for, the others do not count.
  write_file(files.authorities + "/0a1b2c3d.0", "no certificate");
  CHECK_FALSE(TlsContext::for_server(files, ClientCertificate::required).has_value());
  std::filesystem::rename(files.authorities + "/lab.pem", files.authorities + "/0a1b2c3d.1");
  CHECK(TlsContext::for_server(files, ClientCertificate::required).has_value());
}

TEST_CASE("tls context: warnings") {
  TempDir dir;
  const TestAuthority authority(dir.path(), "Lab CA");
  const auto warnings_for = [](const TlsFiles& files) {
    const auto context = TlsContext::for_server(files, ClientCertificate::unwanted);
    REQUIRE(context.has_value());
    return (*context)->warnings();
  };
  TlsFiles files = authority.issue("server");
  CHECK(warnings_for(files).empty());
  std::filesystem::permissions(files.key, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  CHECK(warnings_for(files) == std::vector{"the private key " + files.key +
                                           " can be read by every user of this machine: chmod o-r " + files.key});

  files = authority.issue("ending", {.valid_until_days = 3});
  REQUIRE(warnings_for(files).size() == 1);
  CHECK(warnings_for(files)[0].starts_with("the certificate CN=localhost (" + files.certificate + ") expires on 20"));
}

TEST_CASE("tls context: a certificate that nobody will accept is known") {
  TempDir dir;
  const TestAuthority authority(dir.path(), "Lab CA");
  const auto fault_of = [&](const CertificateWish& wish) {
    const auto context = TlsContext::for_server(authority.issue("server", wish), ClientCertificate::unwanted);
    REQUIRE(context.has_value());
    return (*context)->validity_fault().value_or("none");
  };
  CHECK(fault_of({}) == "none");
  CHECK(fault_of({.valid_from_days = -3, .valid_until_days = -2}).starts_with("has expired on 20"));
  CHECK(fault_of({.valid_from_days = 2}).starts_with("is not valid before 20"));
}

}  // namespace hearth
