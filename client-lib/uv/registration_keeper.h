/// Registration::Keeper: what a Registration does.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: ended and retired (Engine::retire) by its Registration, as it may be inside one of its functions then.
/// One thing at a time: a look is over (look_over) before the timer begins the next one.
#pragma once

#include <hearth/uv/registration.h>

#include <memory>
#include <optional>

#include "client-lib/src/backoff.h"
#include "client-lib/uv/engine.h"
#include "client-lib/uv/locating.h"
#include "client-lib/uv/operation_set.h"
#include "protocol/loop/timer.h"

namespace hearth::uv {

class Registration::Keeper {
 public:
  Keeper(std::shared_ptr<Engine> engine, NameEntry entry, RegistrationOptions options, OnChange on_change);

  /// The farewell; nothing is told from now on.
  void end();

  Operation begin_removal(Request<void>::Callback done);

  [[nodiscard]] RegistrationState state() const { return state_; }
  [[nodiscard]] const NameEntry& entry() const { return entry_; }
  [[nodiscard]] const std::shared_ptr<Engine>& engine() const { return engine_; }

 private:
  void look();
  void on_located(Locating::Located located);
  void ask();
  void register_as(NameServerClient::IfTaken if_taken);
  void adopt();
  void check();

  void stands(bool is_renewed);
  void leads_elsewhere(const NameEntry& found);
  void failed(ClientError error);
  void look_over(std::uint64_t wait_ms);
  void tell(RegistrationState state, const ClientResult<void>& why);
  void stop();

  const std::shared_ptr<Engine> engine_;
  NameEntry entry_;
  const RegistrationOptions options_;
  OnChange on_change_;
  RegistrationState state_ = RegistrationState::pending;
  bool was_made_ = false;  ///< once, by us
  bool is_looking_ = false;
  Backoff backoff_;
  Timer timer_;
  std::unique_ptr<Locating> locating_;
  std::optional<NameServer> name_server_;
  OperationSet operations_;
};

}  // namespace hearth::uv
