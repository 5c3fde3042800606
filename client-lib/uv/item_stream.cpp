#include <hearth/uv/item_stream.h>

#include <utility>

#include "client-lib/src/client_errors.h"
#include "client-lib/uv/item_stream_state.h"
#include "protocol/rpc/item_stream.h"

namespace hearth::uv {

void ItemStream::State::close() {
  if (std::exchange(is_over_, true)) return;
  // Without the connection the server has forgotten the stream by itself.
  if (const auto pool = calls_.lock()) pool->close_stream(connection_, id_);
}

Operation ItemStream::State::begin_next(const std::shared_ptr<State>& state, CallOptions options,
                                        Request<std::optional<Value>>::Callback done) {
  const auto pool = state->calls_.lock();
  if (pool == nullptr) return {};
  Question question = DaemonCall{next_item_call(state->id_), state->connection_};
  if (state->is_over_) question = Known{CallResult(None{})};
  return pool->start(std::move(question), std::move(options),
                     [weak = std::weak_ptr<State>(state), done = std::move(done)](ClientResult<Answer> answer) {
                       if (const auto still_there = weak.lock()) done(still_there->read(std::move(answer)));
                     });
}

ClientResult<std::optional<Value>> ItemStream::State::read(ClientResult<Answer> answer) {
  if (is_over_) return std::nullopt;
  is_over_ = true;  // whatever comes of it but an item
  if (!answer) return forward_error(answer);
  auto* result = std::get_if<CallResult>(&answer->reply);
  if (result == nullptr) return fail(ClientErrorKind::protocol, "an item of the stream is a stream itself");
  if (*result) {
    is_over_ = false;
    return std::move(**result);
  }
  if (is_end_of_items(result->error())) return std::nullopt;
  return tl::unexpected<ClientError>(remote_error(std::move(result->error())));
}

ItemStream::ItemStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
ItemStream::ItemStream(ItemStream&&) noexcept = default;
ItemStream& ItemStream::operator=(ItemStream&&) noexcept = default;
ItemStream::~ItemStream() = default;

Request<std::optional<Value>> ItemStream::next(CallOptions options) {
  return Request<std::optional<Value>>([weak = std::weak_ptr<State>(state_), options = std::move(options)](
                                           Request<std::optional<Value>>::Callback done) mutable {
    const auto state = weak.lock();
    return state == nullptr ? Operation() : State::begin_next(state, std::move(options), std::move(done));
  });
}

void ItemStream::close() { state_->close(); }

}  // namespace hearth::uv
