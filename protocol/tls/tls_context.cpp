#include "protocol/tls/tls_context.h"

#include <fmt/format.h>

#include <utility>

#include "protocol/base/check.h"
#include "protocol/tls/authorities.h"
#include "protocol/tls/client_sessions.h"
#include "protocol/tls/openssl.h"
#include "protocol/tls/own_certificate.h"
#include "protocol/tls/pem_file.h"

namespace hearth {
namespace {

/// For TLS 1.2: forward secrecy and authenticated encryption. Those of 1.3 are all of that kind.
constexpr const char* cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// The certificate of a client that resumes is not looked at again, so not for long; a burst of connections is over by then.
constexpr long session_lifetime_s = 300;

constexpr int expiry_warning_days = 14;

/// Only more than the administrator of this machine asks for in openssl.cnf.
void require_tls_1_2(SSL_CTX* context) {
  if (SSL_CTX_get_min_proto_version(context) < TLS1_2_VERSION) {
    HEARTH_CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
  }
}

ContextPtr make_context(bool is_server) {
  ContextPtr context(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()));
  HEARTH_CHECK(context != nullptr);
  require_tls_1_2(context.get());
  HEARTH_CHECK(SSL_CTX_set_cipher_list(context.get(), cipher_list) == 1);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection must not hold two records' worth of buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets need none; a client keeps its own
  SSL_CTX_set_timeout(context.get(), session_lifetime_s);
  return context;
}

/// Days from now; negative: in the past.
int days_until(const ASN1_TIME* time) {
  int days = 0;
  int seconds = 0;
  HEARTH_CHECK(ASN1_TIME_diff(&days, &seconds, nullptr, time) == 1);
  return seconds < 0 ? days - 1 : days;
}

}  // namespace

struct TlsContext::Impl {
  explicit Impl(bool server) : is_server(server), context(make_context(server)) {}

  /// Shows `files.certificate` from now on.
  Result<void> show_certificate(const TlsFiles& files) {
    auto loaded = load_own_certificate(files, is_server ? "PYRO_SSL_SERVER" : "PYRO_SSL_CLIENT");
    if (!loaded) return forward_error(loaded);
    own = std::move(*loaded);
    own_text = fmt::format("{} ({})", subject_of(own.certificate.get()), files.certificate);
    bool is_taken = SSL_CTX_use_certificate(context.get(), own.certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(context.get(), own.key.get()) == 1;
    for (const CertificatePtr& issuer : own.chain)
      is_taken = is_taken && SSL_CTX_add1_chain_cert(context.get(), issuer.get()) == 1;
    if (!is_taken) {
      return fail(ErrorKind::system,
                  fmt::format("OpenSSL refuses the certificate {}: {}", own_text, take_openssl_error()));
    }
    if (own.others_may_read_key) {
      const std::string& path = files.key.empty() ? files.certificate : files.key;
      warnings.push_back(
          fmt::format("the private key {} can be read by every user of this machine: chmod o-r {}", path, path));
    }
    const ASN1_TIME* end = X509_get0_notAfter(own.certificate.get());
    if (const int days = days_until(end); days >= 0 && days < expiry_warning_days) {
      warnings.push_back(fmt::format("the certificate {} expires on {}: renew it", own_text, time_text(end)));
    }
    return {};
  }

  const bool is_server;
  const ContextPtr context;
  ClientCertificate client_certificate = ClientCertificate::unwanted;
  OwnCertificate own;
  std::string own_text;
  std::vector<std::string> warnings;
  ClientSessions sessions;
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(const TlsFiles& files,
                                                                 ClientCertificate client_certificate) {
  HEARTH_CHECK(client_certificate == ClientCertificate::unwanted || !files.authorities.empty());
  auto impl = std::make_unique<Impl>(true);
  SSL_CTX* const context = impl->context.get();
  impl->client_certificate = client_certificate;
  if (auto shown = impl->show_certificate(files); !shown) return forward_error(shown);
  if (client_certificate != ClientCertificate::unwanted) {
    if (auto trusted = trust_authorities(files.authorities, SSL_CTX_get_cert_store(context)); !trusted)
      return forward_error(trusted);
    const int required = client_certificate == ClientCertificate::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
  }
  static constexpr unsigned char session_owner[] = "hearth";
  HEARTH_CHECK(SSL_CTX_set_session_id_context(context, session_owner, sizeof session_owner - 1) == 1);
  // Clients of Pyro resume nothing, and ours uses one at a time.
  HEARTH_CHECK(SSL_CTX_set_num_tickets(context, 1) == 1);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(impl)));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_client(const TlsFiles& files) {
  auto impl = std::make_unique<Impl>(false);
  SSL_CTX* const context = impl->context.get();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context);  // may have none
  ERR_clear_error();
  if (!files.certificate.empty()) {
    if (auto shown = impl->show_certificate(files); !shown) return forward_error(shown);
  }
  if (!files.authorities.empty()) {
    if (auto trusted = trust_authorities(files.authorities, SSL_CTX_get_cert_store(context)); !trusted)
      return forward_error(trusted);
  }
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(impl)));
}

bool TlsContext::is_server() const { return impl_->is_server; }
TlsContext::ClientCertificate TlsContext::client_certificate() const { return impl_->client_certificate; }
const std::string& TlsContext::own_certificate() const { return impl_->own_text; }
const std::vector<std::string>& TlsContext::warnings() const { return impl_->warnings; }
ssl_ctx_st* TlsContext::native() const { return impl_->context.get(); }
ClientSessions& TlsContext::sessions() const { return impl_->sessions; }

std::optional<std::string> TlsContext::validity_fault() const {
  const X509* certificate = impl_->own.certificate.get();
  if (certificate == nullptr) return std::nullopt;
  const ASN1_TIME* begin = X509_get0_notBefore(certificate);
  const ASN1_TIME* end = X509_get0_notAfter(certificate);
  if (X509_cmp_current_time(end) < 0) return "has expired on " + time_text(end);
  if (X509_cmp_current_time(begin) > 0) return "is not valid before " + time_text(begin);
  return std::nullopt;
}

}  // namespace hearth
