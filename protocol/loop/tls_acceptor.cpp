#include "protocol/loop/tls_acceptor.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/loop/tls_stream.h"

namespace hearth {

struct TlsAcceptor::Impl {
  std::shared_ptr<const TlsContext> context;
  std::shared_ptr<TlsServing> serving;
};

namespace {

class TlsListener final : public Listener {
 public:
  using Secure = std::function<std::unique_ptr<Stream>(std::unique_ptr<Stream>)>;

  TlsListener(std::unique_ptr<Listener> plain, Secure secure) : plain_(std::move(plain)), secure_(std::move(secure)) {}

  Result<void> start(std::function<void(std::unique_ptr<Stream>)> accepted) override {
    return plain_->start([this, accepted = std::move(accepted)](std::unique_ptr<Stream> stream) {
      accepted(secure_(std::move(stream)));
    });
  }
  void pause_accepting() override { plain_->pause_accepting(); }
  void resume_accepting() override { plain_->resume_accepting(); }
  void close() override { plain_->close(); }
  [[nodiscard]] std::string bound_host() const override { return plain_->bound_host(); }
  [[nodiscard]] std::uint16_t bound_port() const override { return plain_->bound_port(); }
  [[nodiscard]] bool serves_ipv4() const override { return plain_->serves_ipv4(); }

 private:
  const std::unique_ptr<Listener> plain_;
  const Secure secure_;
};

}  // namespace

TlsAcceptor::TlsAcceptor(Loop& loop, const Limits& limits, std::shared_ptr<const TlsContext> context,
                         PlainAnswer plain_answer)
    : impl_(new Impl{nullptr, std::make_shared<TlsServing>(loop, limits, std::move(plain_answer))}) {
  set_context(std::move(context));
}

TlsAcceptor::~TlsAcceptor() = default;

void TlsAcceptor::set_context(std::shared_ptr<const TlsContext> context) {
  HEARTH_CHECK(context->is_server());
  impl_->context = std::move(context);
}

std::unique_ptr<Listener> TlsAcceptor::secure(std::unique_ptr<Listener> listener) {
  return std::make_unique<TlsListener>(std::move(listener), [this](std::unique_ptr<Stream> plain) {
    return tls_server_stream(std::move(plain), impl_->context, impl_->serving);
  });
}

}  // namespace hearth
