/// Registration: a name that stays registered as long as this object lives and its loop runs.
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// What it does: registers when it is made, which it goes on trying until a name server is there. Then it looks from time to time
/// whether the registration stands, and at once when the connection is lost; whatever the reason why it does not (a server that
/// has forgotten it or was replaced by another one, somebody who removed it), it is registered again. It does not fight: a name
/// that leads elsewhere now was taken over by somebody; it is only watched, and registered again when it is free.
/// Ownership: destroyed, it asks the name server to remove the name, if there is a connection and the name was ours when it was last
/// looked at, and waits for nothing. Whoever wants to be sure calls remove(), and destroys the object in its callback.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <hearth/api.h>
#include <hearth/locate.h>
#include <hearth/name_server.h>
#include <hearth/uv/client.h>
#include <hearth/uv/request.h>

namespace HEARTH_API hearth {
namespace uv {

struct RegistrationOptions {
  NameServerPlace name_server = {};  ///< which one, or where to look; asked again each time that it was lost
  /// A name that is registered with another URI when the object is made.
  NameServerClient::IfTaken if_taken = NameServerClient::IfTaken::replace;
  std::uint32_t check_ms = 10000;  ///< between two looks whether the registration stands
  /// Keep the connection, so that a server that goes is noticed at once. Python's name servers give each connection one of their
  /// 40 (Pyro5: 80) threads: without it each look makes a connection.
  bool stays_connected = true;
};

enum class RegistrationState : unsigned char {
  pending,     ///< not registered yet
  registered,  ///< it stands, as far as we know
  taken,       ///< the name leads elsewhere; it is watched
  lost,        ///< the name server cannot be asked; it is tried again, more and more seldom
  refused,     ///< it can never work: what should be registered is no URI, or cannot be sent. Nothing more is tried
  removed,     ///< remove() was called. Nothing more is tried
};

class Registration {
 public:
  /// Hears of each change of the state but `removed`, and each time that a lost registration had to be made again (`registered`).
  /// `why` is the error, if one has led to it. Called from the loop, never from inside the constructor, and not once the object is
  /// gone; it may destroy it.
  using OnChange = std::function<void(RegistrationState state, const ClientResult<void>& why)>;

  Registration(const Client& client, NameEntry entry, RegistrationOptions options = {}, OnChange on_change = {});
  Registration(Registration&&) noexcept;
  Registration& operator=(Registration&& other) noexcept;
  ~Registration();

  [[nodiscard]] RegistrationState state() const;
  [[nodiscard]] const NameEntry& entry() const;

  /// Removes the name, if it leads to our URI; from then on the object does nothing any more, whatever comes of it. Errors: of the
  /// name server, so that the name may still be there; `name_taken`: it leads elsewhere.
  [[nodiscard]] Request<void> remove();

 private:
  class [[gnu::visibility("hidden")]] Keeper;
  std::shared_ptr<Keeper> keeper_;
};

}  // namespace uv
}  // namespace hearth
