/// TlsContext: what all TLS connections of one side share: its certificate, whom it trusts, versions and ciphers, and the
/// sessions that a client may resume.
///
/// Layer: tls (base only; OpenSSL stays in this room's .cpp files).        Thread rule: any thread; constant but for the sessions.
/// Ownership: shared by the connections made with it. Certificates that change are a new context: who is connected keeps the old.
/// Errors (ErrorKind::system) are for whoever wrote the settings: the file, what is wrong with it, what to do. Loading blocks on
/// the disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>
#include <hearth/tls_files.h>

struct ssl_ctx_st;

namespace hearth {

class ClientSessions;

class TlsContext {
 public:
  enum class ClientCertificate : unsigned char {
    unwanted,
    optional,  ///< asked for; one that we cannot accept counts as none, as it does in Pyro, which does not ask
    required,
  };

  /// TLS 1.2 or newer with forward secrecy, no renegotiation; sessions are resumed by tickets, so they cost no memory here.
  /// Client certificates other than `unwanted` need `files.authorities`.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> for_server(const TlsFiles& files,
                                                                            ClientCertificate client_certificate);

  /// Trusts the system's CAs and those of `files`, as Pyro does. A certificate of our own is optional.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> for_client(const TlsFiles& files);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] bool is_server() const;
  [[nodiscard]] ClientCertificate client_certificate() const;

  /// Our certificate for a message: "CN=ns.example (/etc/hearth/server.pem)"; empty: we have none.
  [[nodiscard]] const std::string& own_certificate() const;

  /// Why peers will refuse our certificate now: it has expired, or is not valid yet. A sentence's end: "has expired on …".
  [[nodiscard]] std::optional<std::string> validity_fault() const;

  /// What the owner of the files should know: a key that everybody can read, a certificate that expires soon.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

  /// For this room's own files.
  [[nodiscard]] ssl_ctx_st* native() const;
  [[nodiscard]] ClientSessions& sessions() const;

 private:
  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
