/// Client: what everything that talks to Pyro on one loop shares: the loop, the settings. The first object to make.
///
///     hearth::uv::Client client(loop);   // the program's uv_loop_t*, or EventLoop::get()
///     client.locate().then([&](tl::expected<hearth::uv::NameServer, hearth::LocateFailure> found) { … });
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop, from construction to destruction; anything else
/// ends the program. No thread of its own, but host names are looked up on libuv's.
/// Ownership: the loop is the program's. Proxies and name servers may outlive the Client. Handles are closed when the objects are
/// destroyed, which may happen inside any callback; the loop must run once more before uv_loop_close() finds it empty.
/// Deadlines: those of ClientSettings. Unlike in the blocking library, they cover the resolver too.
#pragma once

#include <memory>

#include <hearth/api.h>
#include <hearth/client_settings.h>
#include <hearth/locate.h>
#include <hearth/uri.h>
#include <hearth/uv/name_server.h>
#include <hearth/uv/request.h>

struct uv_loop_s;

namespace HEARTH_API hearth {
namespace uv {

class Client {
 public:
  explicit Client(uv_loop_s* loop, ClientSettings settings = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  /// Finds a name server as hearth::locate() does, step by step in Pyro's order. The NameServer is connected.
  [[nodiscard]] Request<NameServer, LocateFailure> locate(NameServerPlace place = {});

  /// The `PYRO:` URI that another one stands for, as hearth::resolve() (<hearth/resolve.h>): a name, tags, or an object that is
  /// asked for directly.
  [[nodiscard]] Request<Uri> resolve(Uri uri);

  [[nodiscard]] const ClientSettings& settings() const;

 private:
  friend class Proxy;
  friend class Registration;
  struct [[gnu::visibility("hidden")]] State;

  std::shared_ptr<State> state_;
};

}  // namespace uv
}  // namespace hearth
