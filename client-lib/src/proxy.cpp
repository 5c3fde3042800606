#include <hearth/proxy.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "client-lib/src/blocking_stream.h"
#include "client-lib/src/connect_failure.h"
#include "client-lib/src/handshake_failure.h"
#include "protocol/base/check.h"
#include "protocol/rpc/client_session.h"

namespace hearth {
namespace {

ClientErrorKind kind_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::disconnected:
    case ErrorKind::system: return ClientErrorKind::unreachable;
    case ErrorKind::timeout: return ClientErrorKind::timeout;
    case ErrorKind::malformed:
    case ErrorKind::limit:
    case ErrorKind::unsupported:
    case ErrorKind::storage: return ClientErrorKind::protocol;
  }
  HEARTH_CHECK(false);
}

tl::unexpected<ClientError> client_error(const Error& error) { return fail(kind_of(error.kind), error.text); }

/// What we gave it cannot be sent.
tl::unexpected<ClientError> unsendable(const Error& error) { return fail(ClientErrorKind::invalid, error.text); }

std::string short_type(const RemoteException& exception) {
  constexpr std::string_view builtins = "builtins.";
  return exception.type.starts_with(builtins) ? exception.type.substr(builtins.size()) : exception.type;
}

ClientError remote_error(RemoteException exception) {
  std::string text = short_type(exception) + ": " + exception.text();
  return {ClientErrorKind::remote, std::move(text), std::move(exception)};
}

ClientResult<Value> client_result(CallResult result) {
  if (result) return std::move(*result);
  return tl::unexpected<ClientError>(remote_error(std::move(result.error())));
}

/// A batch ends with its last call or with the first that fails.
bool is_right_length(const BatchedResults& results, std::size_t calls) {
  const auto failed = std::find_if(results.begin(), results.end(), [](const auto& result) { return !result; });
  if (failed == results.end()) return results.size() == calls;
  return results.size() <= calls && failed + 1 == results.end();
}

tl::unexpected<ConnectFailure> no_connection(ClientErrorKind kind, std::string text, StepOutcome outcome,
                                             std::string said = {}) {
  return tl::unexpected<ConnectFailure>(ConnectFailure{{kind, std::move(text)}, outcome, std::move(said)});
}

Dialect other(Dialect dialect) { return dialect == Dialect::pyro5 ? Dialect::pyro4 : Dialect::pyro5; }

}  // namespace

class Proxy::Impl {
 public:
  /// `dialect` is a guess: see greet().
  static tl::expected<std::unique_ptr<Impl>, ConnectFailure> open(const Uri& uri, const ClientSettings& settings,
                                                                  Dialect dialect, const Deadline& deadline) {
    auto stream = BlockingStream::connect(uri, settings.preferred_ip_version, deadline, settings.tls);
    if (stream) return std::make_unique<Impl>(uri, settings, dialect, std::move(*stream));
    ConnectError& error = stream.error();
    const bool is_ours = error.kind == ErrorKind::malformed;
    return no_connection(is_ours ? ClientErrorKind::invalid : kind_of(error.kind), std::move(error.text), error.outcome,
                         std::move(error.detail));
  }

  Impl(const Uri& uri, const ClientSettings& settings, Dialect dialect, BlockingStream stream)
      : uri_(uri),
        dialect_(dialect),
        has_key_(!settings.hmac_key.empty()),
        call_timeout_ms_(settings.call_timeout_ms),
        stream_(std::move(stream)),
        session_({.dialect = dialect,
                  .serializer = settings.serializer,
                  .compress_requests = settings.compress_requests,
                  .hmac_key = settings.hmac_key}) {}

  enum class Greeting : unsigned char { connected, other_dialect };

  /// Shakes hands.
  tl::expected<Greeting, ConnectFailure> greet(const Value& handshake, const Deadline& deadline) {
    auto request = session_.connect(handshake, uri_.object);
    if (!request) {
      const std::string& why = request.error().text;
      return no_connection(ClientErrorKind::invalid, why, StepOutcome::impossible, why);
    }
    auto reply = exchange(*request, deadline);
    if (!reply) {
      const Error& error = reply.error();
      if (const auto failure = stream_.tls_failure()) {
        return no_connection(kind_of(error.kind), error.text, tls_outcome(failure->fault), failure->text);
      }
      const StepOutcome outcome = handshake_outcome(error.kind, heard_, session_.signature_fault(), has_key_);
      return no_connection(kind_of(error.kind), error.text, outcome, outcome == StepOutcome::not_pyro ? heard_ : "");
    }
    if (const auto* refused = std::get_if<Refused>(&*reply)) {
      return no_connection(ClientErrorKind::refused, place() + " rejected the connection: " + refused->reason,
                           refusal_outcome(refused->reason, has_key_), refused->reason);
    }
    if (std::holds_alternative<OtherDialect>(*reply)) return Greeting::other_dialect;
    metadata_ = std::move(std::get<Connected>(*reply).metadata);
    return Greeting::connected;
  }

  ClientResult<Value> invoke(std::string_view method, std::vector<Value> args, Dict kwargs,
                             const CallOptions& options) {
    auto reply = send({uri_.object, method, make_tuple(std::move(args)), std::move(kwargs)}, {}, options);
    if (!reply) return forward_error(reply);
    return client_result(std::move(std::get<CallResult>(*reply)));
  }

  ClientResult<BatchedResults> invoke_batch(std::vector<BatchedCall> calls, const CallOptions& options) {
    const std::size_t count = calls.size();
    List items;
    items.items.reserve(count);
    for (BatchedCall& call : calls) {
      items.items.push_back(
          make_tuple({std::move(call.method), make_tuple(std::move(call.args)), std::move(call.kwargs)}));
    }
    auto reply = send({uri_.object, "<batch>", std::move(items), Dict{}}, {.batch = true}, options);
    if (!reply) return forward_error(reply);
    if (auto* raised = std::get_if<CallResult>(&*reply)) {
      return tl::unexpected<ClientError>(remote_error(std::move(raised->error())));
    }
    BatchedResults results;
    for (CallResult& result : std::get<BatchResults>(*reply)) results.push_back(client_result(std::move(result)));
    if (is_right_length(results, count)) return results;
    is_open_ = false;
    return fail(ClientErrorKind::protocol, place() + " answered another number of calls than it was asked for");
  }

  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] const Value& metadata() const { return metadata_; }
  [[nodiscard]] std::string place() const { return uri_.location().value_or(uri_.text()); }

 private:
  ClientResult<Reply> send(CallValue call, InvokeOptions flags, const CallOptions& options) {
    if (!is_open_)
      return fail(ClientErrorKind::unreachable, "the connection to " + place() + " was closed by an earlier error");
    auto request = session_.invoke(std::move(call), flags);
    if (!request) return unsendable(request.error());
    auto reply = exchange(*request, Deadline::after_ms(options.timeout_ms.value_or(call_timeout_ms_)));
    if (reply) return std::move(*reply);
    is_open_ = false;
    return client_error(reply.error());
  }

  Result<Reply> exchange(BytesView request, const Deadline& deadline) {
    // A server that refuses may say why and hang up before it has read everything: its answer counts more
    // than our EPIPE.
    auto written = stream_.write(request, deadline);
    if (!written && written.error().kind != ErrorKind::disconnected) return forward_error(written);
    for (;;) {
      auto reply = session_.next();
      if (!reply) return fail(reply.error().kind, place() + ": " + reply.error().text);
      if (*reply) return std::move(**reply);
      auto bytes = stream_.read(deadline);
      if (!bytes) return forward_error(bytes);
      if (heard_.size() < heard_bytes_max) heard_.append(bytes->substr(0, heard_bytes_max - heard_.size()));
      session_.receive(*bytes);
    }
  }

  const Uri uri_;
  const Dialect dialect_;
  const bool has_key_;
  const std::uint32_t call_timeout_ms_;
  BlockingStream stream_;
  ClientSession session_;
  Value metadata_;
  std::string heard_;  ///< the first bytes of the other side
  bool is_open_ = true;
};

tl::expected<Proxy, ConnectFailure> connect_proxy(const Uri& uri, const ClientSettings& settings) {
  if (uri.protocol != "PYRO" || !uri.location()) {
    return no_connection(ClientErrorKind::invalid, uri.text() + " names no place to connect to",
                         StepOutcome::impossible);
  }
  const auto deadline = Deadline::after_ms(settings.connect_timeout_ms);
  const bool is_signed = !settings.hmac_key.empty();
  const Dialect first = is_signed ? Dialect::pyro4 : settings.first_dialect;
  // Instead of an answer in its own dialect, a server may hang up without a word on one that it does not
  // know.
  std::optional<ConnectFailure> hung_up;
  for (const Dialect dialect : {first, other(first)}) {
    if (is_signed && dialect == Dialect::pyro5) {
      return no_connection(
          ClientErrorKind::refused,
          uri.location().value_or("") + " speaks only the Pyro5 protocol, which cannot carry an HMAC key",
          StepOutcome::key_unwanted);
    }
    auto impl = Proxy::Impl::open(uri, settings, dialect, deadline);
    if (!impl) return tl::unexpected<ConnectFailure>(std::move(impl.error()));
    auto greeting = (*impl)->greet(settings.handshake, deadline);
    if (greeting && *greeting == Proxy::Impl::Greeting::connected) return Proxy(std::move(*impl));
    if (greeting) continue;
    if (greeting.error().error.kind != ClientErrorKind::unreachable || hung_up || is_signed) {
      return tl::unexpected<ConnectFailure>(std::move(greeting.error()));
    }
    hung_up = std::move(greeting.error());
  }
  if (hung_up) return tl::unexpected<ConnectFailure>(std::move(*hung_up));
  return no_connection(ClientErrorKind::protocol,
                       uri.location().value_or("") + " answers each Pyro protocol in the other one",
                       StepOutcome::not_pyro);
}

ClientResult<Proxy> Proxy::connect(const Uri& uri, const ClientSettings& settings) {
  return connect_proxy(uri, settings).map_error([](ConnectFailure&& failure) { return std::move(failure.error); });
}

Proxy::Proxy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Proxy::Proxy(Proxy&&) noexcept = default;
Proxy& Proxy::operator=(Proxy&&) noexcept = default;
Proxy::~Proxy() = default;

ClientResult<Value> Proxy::invoke(std::string_view method, std::vector<Value> args, Dict kwargs,
                                  const CallOptions& options) {
  return impl_->invoke(method, std::move(args), std::move(kwargs), options);
}
ClientResult<BatchedResults> Proxy::invoke_batch(std::vector<BatchedCall> calls, const CallOptions& options) {
  return impl_->invoke_batch(std::move(calls), options);
}
const Uri& Proxy::uri() const { return impl_->uri(); }
Dialect Proxy::dialect() const { return impl_->dialect(); }
const Value& Proxy::metadata() const { return impl_->metadata(); }

}  // namespace hearth
