#include <hearth/uv/proxy.h>

#include <hearth/uv/client.h>

#include <utility>

#include "client-lib/src/client_errors.h"
#include "client-lib/uv/asking.h"
#include "client-lib/uv/client_state.h"
#include "client-lib/uv/item_stream_state.h"

namespace hearth::uv {
namespace {

SharedSettings settings_for(const Engine& engine, ProxyOptions& options) {
  if (!options.settings) return engine.settings();
  return std::make_shared<const ClientSettings>(std::move(*options.settings));
}

/// Closes what it opens by mistake.
ClientResult<Value> value_of(const std::weak_ptr<CallPool>& calls, ClientResult<Answer> answer,
                             std::string_view method) {
  if (!answer) return forward_error(answer);
  if (const auto* opened = std::get_if<ItemStreamOpened>(&answer->reply)) {
    if (const auto pool = calls.lock()) pool->close_stream(answer->connection, opened->id);
  }
  return value_in(std::move(answer->reply), method);
}

Request<Value> ask_for_value(const std::shared_ptr<CallPool>& calls, Invocation invocation, CallOptions options) {
  std::string method = invocation.method;
  return ask<Value>(calls, std::move(invocation), std::move(options),
                    [weak = std::weak_ptr<CallPool>(calls), method = std::move(method)](ClientResult<Answer> answer) {
                      return value_of(weak, std::move(answer), method);
                    });
}

}  // namespace

Proxy::Proxy(const Client& client, Uri uri, ProxyOptions options)
    : calls_(std::make_shared<CallPool>(client.state_->engine, std::move(uri),
                                        settings_for(*client.state_->engine, options), options.connections_max)) {}

Proxy::Proxy(std::shared_ptr<CallPool> calls) : calls_(std::move(calls)) {}
Proxy::Proxy(Proxy&&) noexcept = default;

Proxy& Proxy::operator=(Proxy&& other) noexcept {
  std::swap(calls_, other.calls_);
  return *this;
}

/// It may be one of the pool's callbacks that destroys us.
Proxy::~Proxy() {
  if (calls_ == nullptr) return;
  calls_->close();
  const auto engine = calls_->shared_engine();
  engine->retire(std::move(calls_));
}

// ---- calls

Request<Value> Proxy::invoke(std::string_view method, std::vector<Value> args, Dict kwargs, CallOptions options) {
  return ask_for_value(calls_, method_call(method, std::move(args), std::move(kwargs)), std::move(options));
}

Request<Value> Proxy::read_attribute(std::string_view name, CallOptions options) {
  return ask_for_value(calls_, attribute_read(name), std::move(options));
}

Request<void> Proxy::write_attribute(std::string_view name, Value value, CallOptions options) {
  return converted<void>(ask_for_value(calls_, attribute_write(name, std::move(value)), std::move(options)), {});
}

Request<ItemStream> Proxy::open_stream(std::string_view method, std::vector<Value> args, Dict kwargs,
                                       CallOptions options) {
  auto read = [weak = std::weak_ptr<CallPool>(calls_),
               method = std::string(method)](ClientResult<Answer> answer) -> ClientResult<ItemStream> {
    if (!answer) return forward_error(answer);
    if (auto* opened = std::get_if<ItemStreamOpened>(&answer->reply)) {
      return ItemStream(std::make_shared<ItemStream::State>(weak, answer->connection, std::move(opened->id)));
    }
    auto value = value_in(std::move(answer->reply), method);
    if (!value) return forward_error(value);
    return fail(ClientErrorKind::protocol,
                "the result of " + method + "() is no item stream, but a " + std::string(value->type_name()));
  };
  return ask<ItemStream>(calls_, method_call(method, std::move(args), std::move(kwargs)), std::move(options),
                         std::move(read));
}

Request<BatchedResults> Proxy::invoke_batch(std::vector<BatchedCall> calls, CallOptions options) {
  const std::size_t count = calls.size();
  return ask<BatchedResults>(calls_, batch_call(std::move(calls)), std::move(options),
                             [count](ClientResult<Answer> answer) -> ClientResult<BatchedResults> {
                               if (!answer) return forward_error(answer);
                               return batched_results_in(std::move(answer->reply), count);
                             });
}

// ---- the connection

Request<void> Proxy::connect() {
  return ask<void>(calls_, JustConnect{}, {}, [](ClientResult<Answer> answer) -> ClientResult<void> {
    if (!answer) return forward_error(answer);
    return {};
  });
}

void Proxy::release() { calls_->release(); }
bool Proxy::is_connected() const { return calls_->is_connected(); }
const Uri& Proxy::uri() const { return calls_->uri(); }
Dialect Proxy::dialect() const { return calls_->dialect(); }
const ObjectMetadata& Proxy::metadata() const { return calls_->metadata(); }
const Value& Proxy::handshake_answer() const { return calls_->handshake_answer(); }
const std::vector<Annotation>& Proxy::response_annotations() const { return calls_->annotations(); }

}  // namespace hearth::uv
