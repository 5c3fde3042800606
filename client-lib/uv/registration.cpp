#include <hearth/uv/registration.h>

#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "client-lib/src/registration_rules.h"
#include "client-lib/uv/asking.h"
#include "client-lib/uv/client_state.h"
#include "client-lib/uv/registration_keeper.h"
#include "client-lib/uv/removing.h"

namespace hearth::uv {

using State = RegistrationState;

Registration::Keeper::Keeper(std::shared_ptr<Engine> engine, NameEntry entry, RegistrationOptions options,
                             OnChange on_change)
    : engine_(std::move(engine)),
      entry_(std::move(entry)),
      options_(std::move(options)),
      on_change_(std::move(on_change)),
      backoff_(engine_->settings()->retry_wait_ms, engine_->settings()->retry_wait_ms_max),
      timer_(engine_->loop(), [this] { look(); }) {
  timer_.start_once(0);
}

// ---- a look

void Registration::Keeper::look() {
  is_looking_ = true;
  if (name_server_) return ask();
  if (!was_made_) {
    auto canonical = in_canonical_form(entry_);
    if (!canonical) return failed(std::move(canonical.error()));
    entry_ = std::move(*canonical);
  }
  locating_ = std::make_unique<Locating>(engine_, options_.name_server, engine_->settings(),
                                         [this](Locating::Located located) { on_located(std::move(located)); });
}

void Registration::Keeper::on_located(Locating::Located located) {
  locating_.reset();
  if (!located) return failed(located.error().as_error());
  name_server_.emplace(std::move(*located));
  ProxyAccess::calls(name_server_->proxy())->set_on_lost([this] {
    if (!is_looking_) look_over(0);
  });
  ask();
}

void Registration::Keeper::ask() { was_made_ || state_ == State::taken ? check() : register_as(options_.if_taken); }

void Registration::Keeper::register_as(NameServerClient::IfTaken if_taken) {
  name_server_->register_name(entry_.name, entry_.uri, entry_.metadata, if_taken).then([this](ClientResult<void> done) {
    if (done) return stands(true);
    if (done.error().kind == ClientErrorKind::name_taken) return adopt();
    failed(std::move(done.error()));
  });
}

/// What an earlier run of the program has left is ours; so is what we have registered without hearing of it.
void Registration::Keeper::adopt() {
  name_server_->lookup(entry_.name).then([this](ClientResult<NameEntry> found) {
    if (!found) return failed(std::move(found.error()));
    if (next_step(entry_, found) != RegistrationStep::none) return leads_elsewhere(*found);
    name_server_->set_metadata(entry_.name, entry_.metadata).then([this](ClientResult<void> done) {
      if (!done) return failed(std::move(done.error()));
      stands(true);
    });
  });
}

void Registration::Keeper::check() {
  name_server_->lookup(entry_.name).then([this](ClientResult<NameEntry> found) {
    switch (next_step(entry_, found)) {
      case RegistrationStep::none: return stands(false);
      case RegistrationStep::give_way: return leads_elsewhere(*found);
      case RegistrationStep::ask_again: return failed(std::move(found.error()));
      case RegistrationStep::register_again: break;
    }
    register_as(NameServerClient::IfTaken::fail);  // whoever was faster has it
  });
}

// ---- what came of it

void Registration::Keeper::stands(bool is_renewed) {
  was_made_ = true;
  backoff_.reset();
  look_over(options_.check_ms);
  if (is_renewed || state_ != State::registered) tell(State::registered, {});
}

void Registration::Keeper::leads_elsewhere(const NameEntry& found) {
  backoff_.reset();
  look_over(options_.check_ms);
  if (state_ != State::taken) tell(State::taken, taken_over(found));
}

void Registration::Keeper::failed(ClientError error) {
  const ClientResult<void> why = tl::unexpected<ClientError>(std::move(error));
  if (why.error().kind == ClientErrorKind::invalid) {
    stop();
    return tell(State::refused, why);
  }
  name_server_.reset();  // it may have moved, or another one taken its place
  look_over(backoff_.next_ms());
  const State state = was_made_ ? State::lost : State::pending;
  if (state_ != state) tell(state, why);
}

void Registration::Keeper::look_over(std::uint64_t wait_ms) {
  is_looking_ = false;
  if (!options_.stays_connected) name_server_.reset();
  timer_.start_once(wait_ms);
}

/// The callback may end us.
void Registration::Keeper::tell(State state, const ClientResult<void>& why) {
  state_ = state;
  if (const OnChange on_change = on_change_) on_change(state, why);
}

// ---- the end

void Registration::Keeper::stop() {
  timer_.stop();
  locating_.reset();
  name_server_.reset();
}

void Registration::Keeper::end() {
  on_change_ = nullptr;
  if (state_ == State::registered && name_server_) {
    Invocation farewell = method_call("remove", {}, keyword("name", entry_.name));
    static_cast<void>(ProxyAccess::calls(name_server_->proxy())->send_at_once(std::move(farewell)));
  }
  stop();
  operations_.clear();
}

Operation Registration::Keeper::begin_removal(Request<void>::Callback done) {
  state_ = State::removed;
  std::optional<NameServer> name_server = std::exchange(name_server_, std::nullopt);
  if (name_server) ProxyAccess::calls(name_server->proxy())->set_on_lost(nullptr);
  stop();
  return operations_.start<Removing>(std::move(done), engine_, entry_, options_.name_server, std::move(name_server));
}

Registration::Registration(const Client& client, NameEntry entry, RegistrationOptions options, OnChange on_change)
    : keeper_(std::make_shared<Keeper>(client.state_->engine, std::move(entry), std::move(options),
                                       std::move(on_change))) {}
Registration::Registration(Registration&&) noexcept = default;

Registration& Registration::operator=(Registration&& other) noexcept {
  std::swap(keeper_, other.keeper_);
  return *this;
}

Registration::~Registration() {
  if (keeper_ == nullptr) return;
  keeper_->end();
  const auto engine = keeper_->engine();
  engine->retire(std::move(keeper_));
}

RegistrationState Registration::state() const { return keeper_->state(); }
const NameEntry& Registration::entry() const { return keeper_->entry(); }

Request<void> Registration::remove() {
  return Request<void>([weak = std::weak_ptr<Keeper>(keeper_)](Request<void>::Callback done) {
    const auto keeper = weak.lock();
    return keeper == nullptr ? Operation() : keeper->begin_removal(std::move(done));
  });
}

}  // namespace hearth::uv
