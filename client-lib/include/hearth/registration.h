/// StandingRegistration: a name that stays registered as long as this object lives. Blocking, without a thread of its own: its owner
/// calls keep() now and then, or hands it to a RegistrationThread (<hearth/registration_thread.h>).
///
/// Layer: client-lib, public.        Thread rule: one thread at a time, but interrupt(), which any may call.
/// Ownership: the name is removed when the object is destroyed, if it still leads to the same URI; this takes up to
/// RegistrationOptions::farewell_ms and has no error.
/// What a registration is worth: a name server may forget it (kept in memory only, restored from an old backup) or be told to
/// by somebody. keep() notices that, whatever the reason, and also when another server has taken its place, and registers
/// again. It does not fight: a name that leads elsewhere now was taken over by somebody, and keep() says so.
#pragma once

#include <cstdint>
#include <memory>

#include <hearth/api.h>
#include <hearth/locate.h>
#include <hearth/name_server.h>

namespace HEARTH_API hearth {

struct RegistrationOptions {
  NameServerPlace name_server = {};  ///< which one, or where to look; asked again each time that it was lost
  ClientSettings settings = {};      ///< `interrupt` is not used: StandingRegistration::interrupt() is there for that
  /// A name that is registered with another URI when the object is made.
  NameServerClient::IfTaken if_taken = NameServerClient::IfTaken::replace;
  std::uint32_t wait_ms = 0;         ///< when it is made: for a name server that is not there yet. 0: do not wait
  std::uint32_t check_ms = 10000;    ///< between two looks whether the registration stands
  std::uint32_t farewell_ms = 2000;  ///< for the removal at the end
  /// Keep the connection, so that wait() and keep() notice a server that goes at once. Python's name servers give each connection one
  /// of their 40 (Pyro5: 80) threads: without it each look makes a connection.
  bool stays_connected = true;
};

enum class Kept : unsigned char {
  as_it_was,  ///< it stands, or was not looked at because it is not time yet
  renewed,    ///< it was gone, and stands again
};

class StandingRegistration {
 public:
  /// Registers. `invalid`: the URI is none. `name_taken`: with IfTaken::fail, if the name leads to another URI; one that leads
  /// to the same was left by an earlier run of the program.
  [[nodiscard]] static ClientResult<StandingRegistration> create(NameEntry entry,
                                                                 const RegistrationOptions& options = {});

  StandingRegistration(StandingRegistration&&) noexcept;
  StandingRegistration& operator=(StandingRegistration&&) noexcept;
  ~StandingRegistration();

  /// Looks whether the registration stands and renews it, if it is time for that or the server has closed the connection;
  /// else it costs next to nothing. Errors: of the name server, after which it is tried again, more and more seldom;
  /// `name_taken` if the name leads elsewhere now.
  [[nodiscard]] ClientResult<Kept> keep();

  /// Until keep() will look again by itself, in milliseconds.
  [[nodiscard]] std::uint32_t due_in_ms() const;

  /// Waits until there is something for keep() to do: it is time for a look, or the server has closed the connection. False:
  /// never again, as it was interrupted or removed. `while (registration.wait()) report(registration.keep());`
  [[nodiscard]] bool wait() const;

  /// Any thread: ends a wait() or keep() that is under way, and all that would come. The name stays registered until it is
  /// removed, which works as before.
  void interrupt();
  /// Any thread.
  [[nodiscard]] bool is_interrupted() const;

  /// Removes it now, and tells what came of it. keep() does nothing from then on.
  [[nodiscard]] ClientResult<void> remove();

  /// What is kept registered, the URI as Pyro prints it.
  [[nodiscard]] const NameEntry& entry() const;

 private:
  class State;
  explicit StandingRegistration(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hearth
