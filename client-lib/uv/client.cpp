#include <hearth/uv/client.h>

#include <utility>

#include "client-lib/uv/client_state.h"
#include "client-lib/uv/locating.h"
#include "client-lib/uv/resolving.h"

namespace hearth::uv {

Client::Client(uv_loop_s* loop, ClientSettings settings)
    : state_(std::make_shared<State>(State{std::make_shared<Engine>(loop, std::move(settings)), {}})) {}

Client::Client(Client&&) noexcept = default;

Client& Client::operator=(Client&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

/// It may be one of its operations that destroys it.
Client::~Client() {
  if (state_ == nullptr) return;
  state_->operations.clear();
  const auto engine = state_->engine;
  engine->retire(std::move(state_));
}

Request<NameServer, LocateFailure> Client::locate(NameServerPlace place) {
  using Located = Request<NameServer, LocateFailure>;
  return Located([weak = std::weak_ptr<State>(state_), place = std::move(place)](Located::Callback done) {
    const auto state = weak.lock();
    if (state == nullptr) return Operation();
    return state->operations.start<Locating>(std::move(done), state->engine, place, state->engine->settings());
  });
}

Request<Uri> Client::resolve(Uri uri) {
  return Request<Uri>([weak = std::weak_ptr<State>(state_), uri = std::move(uri)](Request<Uri>::Callback done) {
    const auto state = weak.lock();
    if (state == nullptr) return Operation();
    return state->operations.start<Resolving>(std::move(done), state->engine, uri, state->engine->settings());
  });
}

const ClientSettings& Client::settings() const { return *state_->engine->settings(); }

}  // namespace hearth::uv
