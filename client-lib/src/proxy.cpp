#include <hearth/proxy.h>
#include <hearth/resolve.h>

#include <utility>

#include "client-lib/src/call_rules.h"
#include "client-lib/src/client_errors.h"
#include "client-lib/src/connect_failure.h"
#include "client-lib/src/proxy_core.h"

namespace hearth {
namespace {

Deadline deadline_to_connect(const ClientSettings& settings) {
  return Deadline::after_ms(settings.connect_timeout_ms, settings.interrupt.get());
}

}  // namespace

tl::expected<Proxy, ConnectFailure> connect_proxy(const Uri& uri, const ClientSettings& settings) {
  auto core = std::make_shared<ProxyCore>(uri, settings);
  auto connected = core->connect_to(uri, deadline_to_connect(settings));
  if (!connected) return tl::unexpected<ConnectFailure>(std::move(connected.error()));
  return Proxy(std::move(core));
}

ClientResult<Proxy> connect_found(const Uri& uri, const Uri& place, const ClientSettings& settings) {
  auto core = std::make_shared<ProxyCore>(uri, settings);
  auto connected = core->connect_to(place, deadline_to_connect(settings));
  if (!connected) return tl::unexpected<ClientError>(std::move(connected.error().error));
  return Proxy(std::move(core));
}

ClientResult<Proxy> Proxy::connect(const Uri& uri, const ClientSettings& settings) {
  auto place = resolve(uri, settings);
  if (!place) return forward_error(place);
  return connect_found(uri, *place, settings);
}

ClientResult<Proxy> Proxy::connect(std::string_view uri, const ClientSettings& settings) {
  auto parsed = parse_object_uri(uri);
  if (!parsed) return forward_error(parsed);
  return connect(*parsed, settings);
}

Proxy::Proxy(std::shared_ptr<ProxyCore> core) : core_(std::move(core)) {}
Proxy::Proxy(Proxy&&) noexcept = default;
Proxy& Proxy::operator=(Proxy&&) noexcept = default;
Proxy::~Proxy() = default;

// ---- calls

ClientResult<Value> Proxy::invoke(std::string_view method, std::vector<Value> args, Dict kwargs,
                                  const CallOptions& options) {
  return ask(method_call(method, std::move(args), std::move(kwargs)), options);
}

ClientResult<Value> Proxy::read_attribute(std::string_view name, const CallOptions& options) {
  return ask(attribute_read(name), options);
}

ClientResult<void> Proxy::write_attribute(std::string_view name, Value value, const CallOptions& options) {
  auto done = ask(attribute_write(name, std::move(value)), options);
  if (!done) return forward_error(done);
  return {};
}

ClientResult<Value> Proxy::ask(Invocation invocation, const CallOptions& options) {
  const std::string method = invocation.method;
  auto reply = core_->invoke(std::move(invocation), options);
  if (!reply) return forward_error(reply);
  if (const auto* opened = std::get_if<ItemStreamOpened>(&*reply)) core_->close_stream(opened->id);
  return value_in(std::move(*reply), method);
}

ClientResult<ItemStream> Proxy::open_stream(std::string_view method, std::vector<Value> args, Dict kwargs,
                                            const CallOptions& options) {
  auto reply = core_->invoke(method_call(method, std::move(args), std::move(kwargs)), options);
  if (!reply) return forward_error(reply);
  if (auto* opened = std::get_if<ItemStreamOpened>(&*reply)) {
    return ItemStream(core_, core_->connection_number(), std::move(opened->id));
  }
  auto value = value_in(std::move(*reply), method);
  if (!value) return forward_error(value);
  return fail(ClientErrorKind::protocol, "the result of " + std::string(method) + "() is no item stream, but of type " +
                                             std::string(value->type_name()));
}

ClientResult<BatchedResults> Proxy::invoke_batch(std::vector<BatchedCall> calls, const CallOptions& options) {
  const std::size_t count = calls.size();
  auto reply = core_->invoke(batch_call(std::move(calls)), options);
  if (!reply) return forward_error(reply);
  auto results = batched_results_in(std::move(*reply), count);
  if (!results && results.error().kind == ClientErrorKind::protocol) core_->close();
  return results;
}

// ---- the connection

void Proxy::release() { core_->close(); }
bool Proxy::is_connected() const { return core_->is_connected(); }
bool Proxy::wait_for_end(std::uint32_t timeout_ms) const {
  return core_->connection().wait_for_end(Deadline::after_ms(timeout_ms, core_->settings().interrupt.get()));
}
void Proxy::set_call_timeout(std::uint32_t timeout_ms) { core_->set_call_timeout(timeout_ms); }
const ClientSettings& Proxy::settings() const { return core_->settings(); }
const Uri& Proxy::uri() const { return core_->uri(); }
const Uri& Proxy::place() const { return core_->place(); }
Dialect Proxy::dialect() const { return core_->connection().dialect(); }
const ObjectMetadata& Proxy::metadata() const { return core_->connection().metadata(); }
const Value& Proxy::handshake_answer() const { return core_->connection().handshake_answer(); }
const std::vector<Annotation>& Proxy::response_annotations() const { return core_->connection().annotations(); }

}  // namespace hearth
