#include "protocol/tls/tls_engine.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/tls/byte_bio.h"
#include "protocol/tls/client_sessions.h"
#include "protocol/tls/describe_failure.h"
#include "protocol/tls/openssl.h"
#include "protocol/tls/pem_file.h"

namespace hearth {
namespace {

/// The one common name, if it is text without tricks in it.
std::string common_name_of(const X509* certificate) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, index) >= 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  if (size < 0) {
    ERR_clear_error();
    return {};
  }
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return name.find('\0') == std::string::npos ? name : std::string();
}

}  // namespace

class TlsEngine::Impl {
 public:
  Impl(std::shared_ptr<const TlsContext> context, std::size_t handshake_bytes_max)
      : context_(std::move(context)), handshake_bytes_max_(handshake_bytes_max), ssl_(SSL_new(context_->native())) {
    HEARTH_CHECK(ssl_ != nullptr);
    BIO* bio = make_byte_bio(channel_).release();
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_verify(ssl_.get(), SSL_get_verify_mode(ssl_.get()), on_verified);
  }

  void begin_as_server() { SSL_set_accept_state(ssl_.get()); }

  void begin_as_client(const std::string& host, std::uint16_t port) {
    host_ = host;
    place_ = fmt::format("{}:{}", host, port);
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl_.get());
    const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    if (!is_address) {
      HEARTH_CHECK(X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1);
      SSL_set_tlsext_host_name(ssl_.get(), host.c_str());  // a name too long for it cannot be reached either
    }
    ERR_clear_error();
    context_->sessions().resume(ssl_.get(), place_);
    SSL_set_connect_state(ssl_.get());
    shake_hands();
  }

  void receive(BytesView ciphertext, Bytes& plaintext) {
    if (failure_ || peer_finished_) return;
    channel_.input = ciphertext;
    if (!handshake_done_) {
      handshake_bytes_ += ciphertext.size();
      shake_hands();
    }
    if (handshake_done_ && !failure_) decrypt(plaintext);
    channel_.input = {};
  }

  void receive_end() {
    if (failure_ || peer_finished_) return;
    if (handshake_done_) return fail({TlsFault::cut, "the connection was cut"});
    fail({TlsFault::cut, "it closed the connection during the TLS handshake"});
  }

  void send(BytesView plaintext) {
    HEARTH_CHECK(handshake_done_);
    if (failure_ || plaintext.empty()) return;
    ERR_clear_error();
    std::size_t taken = 0;
    const int status = SSL_write_ex(ssl_.get(), plaintext.data(), plaintext.size(), &taken);
    if (status != 1) return fail_with_openssl();
    HEARTH_CHECK(taken == plaintext.size());  // the channel takes everything
  }

  void finish() {
    if (!handshake_done_ || failure_) return;
    // Before the goodbye, as OpenSSL forgets sessions of connections that end without one.
    if (!context_->is_server()) context_->sessions().keep(ssl_.get(), place_);
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  Bytes take_output() { return std::exchange(channel_.output, Bytes()); }
  [[nodiscard]] bool is_handshake_done() const { return handshake_done_; }
  [[nodiscard]] bool has_peer_finished() const { return peer_finished_; }
  [[nodiscard]] const std::optional<TlsFailure>& failure() const { return failure_; }
  [[nodiscard]] const std::optional<TlsIdentity>& peer_identity() const { return identity_; }
  [[nodiscard]] const std::string& ignored_certificate() const { return ignored_; }
  [[nodiscard]] bool is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

 private:
  void shake_hands() {
    ERR_clear_error();
    const int status = SSL_do_handshake(ssl_.get());
    if (status == 1) return finish_handshake();
    if (SSL_get_error(ssl_.get(), status) != SSL_ERROR_WANT_READ) return fail_with_openssl();
    if (handshake_bytes_ <= handshake_bytes_max_) return;
    fail({TlsFault::broken, fmt::format("its TLS handshake is longer than {} bytes", handshake_bytes_max_)});
  }

  void finish_handshake() {
    handshake_done_ = true;
    if (!context_->is_server()) return;
    const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr) return;
    ignored_ = std::move(certificate_fault_);
    if (ignored_.empty() && SSL_get_verify_result(ssl_.get()) == X509_V_OK)
      identity_ = TlsIdentity{subject_of(certificate), common_name_of(certificate)};
  }

  void decrypt(Bytes& plaintext) {
    constexpr std::size_t record_bytes_max = 16384;
    std::array<char, record_bytes_max> record;
    for (;;) {
      ERR_clear_error();
      std::size_t count = 0;
      const int status = SSL_read_ex(ssl_.get(), record.data(), record.size(), &count);
      if (status == 1) {
        plaintext.append(record.data(), count);
        continue;
      }
      switch (SSL_get_error(ssl_.get(), status)) {
        case SSL_ERROR_WANT_READ: return;
        case SSL_ERROR_ZERO_RETURN: peer_finished_ = true; return;
        default: return fail_with_openssl();
      }
    }
  }

  /// OpenSSL asks for every certificate of a chain, from the CA's down to the peer's.
  static int on_verified(int is_good, X509_STORE_CTX* chain) {
    if (is_good == 1) return 1;
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = *static_cast<Impl*>(SSL_get_app_data(ssl));
    if (self.certificate_fault_.empty()) {
      self.certificate_fault_ =
          describe_certificate(X509_STORE_CTX_get_error(chain), X509_STORE_CTX_get_current_cert(chain),
                               self.context_->is_server(), self.host_);
    }
    return self.context_->client_certificate() == TlsContext::ClientCertificate::optional ? 1 : 0;
  }

  void fail_with_openssl() {
    fail(describe_failure(ERR_peek_error(), {*context_, std::move(certificate_fault_)}));
    ERR_clear_error();
  }

  void fail(TlsFailure failure) { failure_ = std::move(failure); }

  const std::shared_ptr<const TlsContext> context_;
  const std::size_t handshake_bytes_max_;
  ByteChannel channel_;  // before what reads from it
  const SslPtr ssl_;
  std::string host_;   ///< a client's
  std::string place_;  ///< a client's
  std::size_t handshake_bytes_ = 0;
  bool handshake_done_ = false;
  bool peer_finished_ = false;
  std::optional<TlsFailure> failure_;
  std::string certificate_fault_;
  std::string ignored_;
  std::optional<TlsIdentity> identity_;
};

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> server, std::size_t handshake_bytes_max)
    : impl_(std::make_unique<Impl>(std::move(server), handshake_bytes_max)) {
  impl_->begin_as_server();
}

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> client, const std::string& host, std::uint16_t port,
                     std::size_t handshake_bytes_max)
    : impl_(std::make_unique<Impl>(std::move(client), handshake_bytes_max)) {
  impl_->begin_as_client(host, port);
}

TlsEngine::~TlsEngine() = default;
TlsEngine::TlsEngine(TlsEngine&&) noexcept = default;
TlsEngine& TlsEngine::operator=(TlsEngine&&) noexcept = default;

void TlsEngine::receive(BytesView ciphertext, Bytes& plaintext) { impl_->receive(ciphertext, plaintext); }
void TlsEngine::receive_end() { impl_->receive_end(); }
void TlsEngine::send(BytesView plaintext) { impl_->send(plaintext); }
void TlsEngine::finish() { impl_->finish(); }
Bytes TlsEngine::take_output() { return impl_->take_output(); }
bool TlsEngine::is_handshake_done() const { return impl_->is_handshake_done(); }
bool TlsEngine::has_peer_finished() const { return impl_->has_peer_finished(); }
const std::optional<TlsFailure>& TlsEngine::failure() const { return impl_->failure(); }
const std::optional<TlsIdentity>& TlsEngine::peer_identity() const { return impl_->peer_identity(); }
const std::string& TlsEngine::ignored_certificate() const { return impl_->ignored_certificate(); }
bool TlsEngine::is_resumed() const { return impl_->is_resumed(); }

}  // namespace hearth
