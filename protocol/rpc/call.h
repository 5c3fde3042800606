/// Call: one invocation of a method, bound and ready; and the handle through which it is answered later.
///
/// Layer: rpc.        Thread rule: the thread of the sessions (the loop thread in a daemon).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/dialect.h>
#include <hearth/value.h>

#include "protocol/rpc/python_exceptions.h"

namespace hearth {

struct Method;

/// Never reused in the life of a process (EXAMPLES.md H11).
using ConnectionId = std::uint64_t;

/// The handshake value of clients that have set none.
inline constexpr std::string_view default_handshake = "hello";

/// Who is calling.
struct Peer {
  ConnectionId connection = 0;
  std::string address;               ///< "192.0.2.7:50123", "[2001:db8::7]:50123" or "unix socket", for people
  std::optional<std::uint32_t> uid;  ///< on a Unix socket, from the kernel
  /// Of the TLS certificate that it has proved to be its own and that a CA of ours vouches for: as RFC 2253 writes it,
  /// "CN=alice,O=Lab", in ASCII. nullopt: it has shown none that counts, or speaks no TLS.
  std::optional<std::string> tls_subject = std::nullopt;
  std::string tls_common_name = {};  ///< UTF-8; empty if there is none, or more than one
  /// What it has sent as the value of Pyro's handshake. Empty: something else than text, or more than
  /// Limits::handshake_value_bytes_max.
  std::string handshake = std::string(default_handshake);
};

struct Call {
  const Method& method;
  std::vector<Value> arguments;  ///< one for each parameter of the method, defaults filled in
  Dialect dialect;
  const Peer& peer;         ///< valid during invoke() only
  std::uint64_t batch = 0;  ///< not 0: the same for all calls of one Pyro batch, unique in the process
};

/// Where late answers go: to the session of that connection, if it still exists.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  /// Never called from inside RemoteObject::invoke().
  virtual void reply(ConnectionId connection, std::uint64_t call_number, CallResult result) = 0;
};

/// One-shot: answers one call, later. Destroyed without having answered, it answers with an internal error, so that no
/// client waits for ever.
class Responder {
 public:
  Responder(ReplySink& sink, ConnectionId connection, std::uint64_t call_number)
      : sink_(&sink), connection_(connection), call_number_(call_number) {}
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&&) = delete;
  ~Responder();

  void answer(CallResult result) &&;

  /// Whether somebody still has to answer through this handle.
  [[nodiscard]] bool is_armed() const { return sink_ != nullptr; }
  /// The call has been answered in another way.
  void disarm() { sink_ = nullptr; }

 private:
  ReplySink* sink_;
  ConnectionId connection_;
  std::uint64_t call_number_;
};

}  // namespace hearth
