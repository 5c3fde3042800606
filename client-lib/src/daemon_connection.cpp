#include "client-lib/src/daemon_connection.h"

#include <hearth/admin.h>
#include <hearth/name_server.h>

#include <algorithm>
#include <array>
#include <utility>

#include "client-lib/src/client_errors.h"
#include "client-lib/src/dialect_probe.h"
#include "client-lib/src/handshake_failure.h"

namespace hearth {
namespace {

/// What is read at once. On the stack, as a thousand idle connections should not keep a buffer each.
constexpr std::size_t read_bytes_max = 16U << 10U;

std::string place_of(const Uri& uri) { return uri.location().value_or(uri.text()); }

tl::unexpected<ConnectFailure> no_connection(ClientErrorKind kind, std::string text, StepOutcome outcome,
                                             std::string said = {}) {
  return tl::unexpected<ConnectFailure>(ConnectFailure{{kind, std::move(text)}, outcome, std::move(said)});
}

/// Other daemons must not learn the token.
Value handshake_for(const Uri& uri, const ClientSettings& settings) {
  const bool is_name_server = uri.object == name_server_object_id || uri.object == hearthd_object_id;
  return is_name_server && !settings.name_server_token.empty() ? Value(settings.name_server_token) : settings.handshake;
}

}  // namespace

// ---- opening

tl::expected<std::unique_ptr<DaemonConnection>, ConnectFailure> DaemonConnection::open(const Uri& uri,
                                                                                       const ClientSettings& settings,
                                                                                       Dialect first,
                                                                                       const Deadline& deadline) {
  if (uri.protocol != "PYRO" || !uri.location()) {
    return no_connection(ClientErrorKind::invalid, uri.text() + " names no place to connect to",
                         StepOutcome::impossible);
  }
  DialectProbe probe(first, !settings.hmac_key.empty());
  for (;;) {
    auto connection = open_in(probe.current(), uri, settings, deadline);
    if (!connection) return connection;
    auto greeting = (*connection)->greet(uri, settings, deadline);
    if (greeting && *greeting == Greeting::accepted) return connection;
    auto failure = greeting ? probe.other_dialect_spoken(uri) : probe.greeting_failed(std::move(greeting.error()));
    if (failure) return tl::unexpected<ConnectFailure>(std::move(*failure));
  }
}

tl::expected<std::unique_ptr<DaemonConnection>, ConnectFailure> DaemonConnection::open_in(
    Dialect dialect, const Uri& uri, const ClientSettings& settings, const Deadline& deadline) {
  auto stream = BlockingStream::connect(uri, settings.preferred_ip_version, deadline, settings.tls);
  if (stream) return std::make_unique<DaemonConnection>(uri, settings, dialect, std::move(*stream));
  ConnectError& error = stream.error();
  const bool is_ours = error.kind == ErrorKind::malformed;
  return no_connection(is_ours ? ClientErrorKind::invalid : client_error_kind(error.kind), std::move(error.text),
                       error.outcome, std::move(error.detail));
}

DaemonConnection::DaemonConnection(const Uri& uri, const ClientSettings& settings, Dialect dialect,
                                   BlockingStream stream)
    : place_(place_of(uri)),
      dialect_(dialect),
      stream_(std::move(stream)),
      session_({.dialect = dialect,
                .serializer = settings.serializer,
                .compress_requests = settings.compress_requests,
                .hmac_key = settings.hmac_key}) {}

tl::expected<DaemonConnection::Greeting, ConnectFailure> DaemonConnection::greet(const Uri& uri,
                                                                                 const ClientSettings& settings,
                                                                                 const Deadline& deadline) {
  auto request = session_.connect(handshake_for(uri, settings), uri.object, settings.annotations);
  if (!request) {
    const std::string& why = request.error().text;
    return no_connection(ClientErrorKind::invalid, why, StepOutcome::impossible, why);
  }
  const bool has_key = !settings.hmac_key.empty();
  std::string heard;
  auto reply = ask(*request, deadline, &heard);
  if (!reply) {
    const Error& error = reply.error();
    if (const auto failure = stream_.tls_failure()) {
      return no_connection(client_error_kind(error.kind), error.text, tls_outcome(failure->fault), failure->text);
    }
    const StepOutcome outcome = handshake_outcome(error.kind, heard, session_.signature_fault(), has_key);
    return no_connection(client_error_kind(error.kind), error.text, outcome,
                         outcome == StepOutcome::not_pyro ? heard : "");
  }
  if (const auto* refused = std::get_if<Refused>(&*reply)) {
    return no_connection(ClientErrorKind::refused, place_ + " rejected the connection: " + refused->reason,
                         refusal_outcome(refused->reason, has_key), refused->reason);
  }
  if (std::holds_alternative<OtherDialect>(*reply)) return Greeting::other_dialect;
  auto& connected = std::get<Connected>(*reply);
  metadata_ = object_metadata(connected.metadata);
  handshake_answer_ = std::move(connected.handshake);
  return Greeting::accepted;
}

// ---- calls

ClientResult<Reply> DaemonConnection::exchange(CallValue call, InvokeOptions options, const Deadline& deadline) {
  const bool is_oneway = options.oneway;
  auto request = session_.invoke(std::move(call), std::move(options));
  if (!request) return unsendable(request.error());
  if (is_oneway) {
    auto sent = stream_.write(*request, deadline);
    if (sent) return Reply(CallResult(None{}));
    close();
    return client_error(sent.error());
  }
  auto reply = ask(*request, deadline, nullptr);
  if (reply) return std::move(*reply);
  close();
  return client_error(reply.error());
}

Result<Reply> DaemonConnection::ask(BytesView request, const Deadline& deadline, std::string* heard) {
  auto sent = stream_.write(request, deadline);
  // A server that refuses may say why and hang up before it has read everything: its answer counts more than our EPIPE.
  if (!sent && sent.error().kind != ErrorKind::disconnected) return forward_error(sent);
  std::array<char, read_bytes_max> buffer;
  for (;;) {
    auto reply = session_.next();
    if (!reply) return fail(reply.error().kind, place_ + ": " + reply.error().text);
    if (*reply) return std::move(**reply);
    auto count = stream_.read(buffer, deadline);
    if (!count) return forward_error(count);
    const BytesView bytes(buffer.data(), *count);
    if (heard != nullptr) heard->append(bytes.substr(0, heard_bytes_max - std::min(heard->size(), heard_bytes_max)));
    session_.receive(bytes);
  }
}

}  // namespace hearth
