#include <hearth/registration.h>

#include <chrono>
#include <optional>
#include <utility>

#include "client-lib/src/pause.h"
#include "client-lib/src/registration_rules.h"

namespace hearth {

using Clock = std::chrono::steady_clock;

class StandingRegistration::State {
 public:
  State(NameEntry entry, const RegistrationOptions& options, std::shared_ptr<Interrupt> interrupt)
      : entry_(std::move(entry)),
        options_(options),
        interrupt_(std::move(interrupt)),
        backoff_(options.settings.retry_wait_ms, options.settings.retry_wait_ms_max) {
    options_.settings.interrupt = interrupt_;
  }

  [[nodiscard]] const NameEntry& entry() const { return entry_; }
  [[nodiscard]] Interrupt& interrupt() const { return *interrupt_; }

  ClientResult<void> begin() {
    const Deadline deadline = Deadline::after_ms(options_.wait_ms);
    auto begun = register_first();
    while (!begun && options_.wait_ms > 0 && is_away(begun.error()) && pause(backoff_, deadline)) {
      begun = register_first();
    }
    is_over_ = !begun;
    backoff_.reset();
    look_again_after(options_.check_ms);
    disconnect_if_asked();
    return begun;
  }

  ClientResult<Kept> keep() {
    if (is_over_ || (due_in_ms() > 0 && !has_lost_connection())) return Kept::as_it_was;
    auto kept = check();
    if (kept || kept.error().kind == ClientErrorKind::name_taken) {
      backoff_.reset();
      look_again_after(options_.check_ms);
    } else {
      look_again_after(backoff_.next_ms());
    }
    disconnect_if_asked();
    return kept;
  }

  [[nodiscard]] std::uint32_t due_in_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(look_at_ - Clock::now()).count();
    return left > 0 ? static_cast<std::uint32_t>(left) : 0;
  }

  [[nodiscard]] bool wait() const {
    const std::uint32_t wait_ms = due_in_ms();
    if (!is_over_ && wait_ms > 0) {
      if (name_server_) {
        static_cast<void>(name_server_->wait_for_end(wait_ms));
      } else {
        static_cast<void>(Socket().wait_for(0, Deadline::after_ms(wait_ms, interrupt_.get())));
      }
    }
    return !is_over_ && !interrupt_->is_set();
  }

  ClientResult<void> remove() {
    if (std::exchange(is_over_, true)) return {};
    interrupt_->clear();
    if (auto connected = connect(); !connected) return connected;
    const auto found = name_server_->lookup(entry_.name);
    switch (next_step(entry_, found)) {
      case RegistrationStep::register_again: return {};
      case RegistrationStep::give_way: return taken_over(*found);
      case RegistrationStep::ask_again: return tl::unexpected<ClientError>(found.error());
      case RegistrationStep::none: break;
    }
    auto removed = name_server_->remove(entry_.name);
    if (!removed) return forward_error(removed);
    return {};
  }

  /// For the rest of its life no call takes longer.
  void hurry() {
    options_.settings.connect_timeout_ms = options_.farewell_ms;
    options_.settings.broadcast_rounds = 0;
    if (name_server_) name_server_->set_call_timeout(options_.farewell_ms);
  }

 private:
  static bool is_away(const ClientError& error) {
    return error.kind == ClientErrorKind::unreachable || error.kind == ClientErrorKind::timeout ||
           error.kind == ClientErrorKind::refused;
  }

  [[nodiscard]] bool has_lost_connection() const { return name_server_ && !name_server_->is_connected(); }

  void disconnect_if_asked() {
    if (!options_.stays_connected) name_server_.reset();
  }

  void look_again_after(std::uint32_t wait_ms) { look_at_ = Clock::now() + std::chrono::milliseconds(wait_ms); }

  ClientResult<void> connect() {
    if (name_server_) return {};
    auto found = locate(options_.name_server, options_.settings);
    if (!found) return tl::unexpected<ClientError>(found.error().as_error());
    name_server_.emplace(std::move(*found));
    return {};
  }

  ClientResult<void> register_first() {
    if (auto connected = connect(); !connected) return connected;
    auto done = name_server_->register_name(entry_.name, entry_.uri, entry_.metadata, options_.if_taken);
    if (!done && done.error().kind == ClientErrorKind::name_taken) done = adopt();
    if (!done && is_away(done.error())) name_server_.reset();
    return done;
  }

  /// What an earlier run of the program has left is ours.
  ClientResult<void> adopt() {
    auto found = name_server_->lookup(entry_.name);
    if (!found) return forward_error(found);
    if (found->uri != entry_.uri) return taken_over(*found);
    return name_server_->set_metadata(entry_.name, entry_.metadata);
  }

  ClientResult<Kept> check() {
    const bool was_connected = name_server_.has_value();
    auto kept = check_here();
    if (kept || !is_away(kept.error())) return kept;
    name_server_.reset();
    // It may have moved, or another one taken its place.
    return was_connected ? check_here() : kept;
  }

  ClientResult<Kept> check_here() {
    if (auto connected = connect(); !connected) return forward_error(connected);
    const auto found = name_server_->lookup(entry_.name);
    switch (next_step(entry_, found)) {
      case RegistrationStep::none: return Kept::as_it_was;
      case RegistrationStep::give_way: return taken_over(*found);
      case RegistrationStep::ask_again: return tl::unexpected<ClientError>(found.error());
      case RegistrationStep::register_again: break;
    }
    // Whoever was faster has it.
    auto done = name_server_->register_name(entry_.name, entry_.uri, entry_.metadata, NameServerClient::IfTaken::fail);
    if (!done) return forward_error(done);
    return Kept::renewed;
  }

  const NameEntry entry_;
  RegistrationOptions options_;
  const std::shared_ptr<Interrupt> interrupt_;  ///< in the settings of every connection
  Backoff backoff_;
  std::optional<NameServerClient> name_server_;
  Clock::time_point look_at_;
  bool is_over_ = true;
};

ClientResult<StandingRegistration> StandingRegistration::create(NameEntry entry, const RegistrationOptions& options) {
  auto canonical = in_canonical_form(std::move(entry));
  if (!canonical) return forward_error(canonical);
  auto interrupt = Interrupt::create();
  if (!interrupt) return forward_error(interrupt);
  auto state = std::make_unique<State>(std::move(*canonical), options, std::move(*interrupt));
  if (auto begun = state->begin(); !begun) return forward_error(begun);
  return StandingRegistration(std::move(state));
}

StandingRegistration::StandingRegistration(std::unique_ptr<State> state) : state_(std::move(state)) {}
StandingRegistration::StandingRegistration(StandingRegistration&&) noexcept = default;

StandingRegistration& StandingRegistration::operator=(StandingRegistration&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

StandingRegistration::~StandingRegistration() {
  if (state_ == nullptr) return;
  state_->hurry();
  static_cast<void>(state_->remove());
}

ClientResult<Kept> StandingRegistration::keep() { return state_->keep(); }
std::uint32_t StandingRegistration::due_in_ms() const { return state_->due_in_ms(); }
bool StandingRegistration::wait() const { return state_->wait(); }
void StandingRegistration::interrupt() { state_->interrupt().set(); }
bool StandingRegistration::is_interrupted() const { return state_->interrupt().is_set(); }
ClientResult<void> StandingRegistration::remove() { return state_->remove(); }
const NameEntry& StandingRegistration::entry() const { return state_->entry(); }

}  // namespace hearth
