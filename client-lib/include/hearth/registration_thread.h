/// RegistrationThread: keeps a StandingRegistration true by itself, on a thread of its own, for programs that have no moment of their
/// own to call StandingRegistration::keep().
///
/// Layer: client-lib, public.        Thread rule: the object is for one thread at a time; `on_change` is called on its own
/// thread, never after the destructor has returned, and must not destroy the object.
/// Ownership: owns the StandingRegistration. The destructor ends a look that is under way, then the name is removed as
/// StandingRegistration says, within RegistrationOptions::farewell_ms.
#pragma once

#include <functional>
#include <memory>

#include <hearth/api.h>
#include <hearth/registration.h>

namespace HEARTH_API hearth {

class RegistrationThread {
 public:
  /// `on_change` hears of each renewal, of an error when it is another one than at the look before, and of its end
  /// (Kept::as_it_was).
  explicit RegistrationThread(StandingRegistration registration,
                              std::function<void(const ClientResult<Kept>& outcome)> on_change = {});
  RegistrationThread(RegistrationThread&&) noexcept;
  RegistrationThread& operator=(RegistrationThread&&) noexcept;
  ~RegistrationThread();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace hearth
