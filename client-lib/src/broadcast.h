/// Asking the network for name servers: the client's half of discovery (PYRO.md section 5).
///
/// Layer: client-lib, private.        Thread rule: any thread; blocking.
#pragma once

#include <hearth/client_error.h>
#include <hearth/client_settings.h>
#include <hearth/uri.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

struct BroadcastAnswer {
  std::string responder;  ///< who answered, "192.0.2.7:9091"
  bool is_from_this_machine = false;
  std::string text;                 ///< what it answered, as UTF-8
  std::optional<Uri> uri;           ///< nullopt: the text is no PYRO URI
  std::uint64_t round_trip_us = 0;  ///< microseconds since the question was last sent to that address
};

/// What became of the question to one address of the settings.
struct BroadcastSending {
  std::string address;                 ///< "255.255.255.255:9091"
  std::optional<std::string> trouble;  ///< why it was never sent; nullopt: it was
  bool is_answered = false;
};

enum class Asking : unsigned char { goes_on, is_enough };

/// Sends the question to each address of the settings, on a socket of its own, and hands on every answer as it comes; repeats and
/// waits as the settings say, or until `take` has enough. One result for each address, in their order.
[[nodiscard]] std::vector<BroadcastSending> ask_by_broadcast(std::uint16_t port, const ClientSettings& settings,
                                                             const std::function<Asking(BroadcastAnswer)>& take);

/// The URI that the first name server answered. What is no PYRO URI is not taken for an answer. Errors: timeout (nobody
/// answered), unreachable (the question could not be sent).
[[nodiscard]] ClientResult<Uri> first_by_broadcast(std::uint16_t port, const ClientSettings& settings);

/// The answers of all, each name server's once: at most Limits::broadcast_answers_max, the first that came. A machine that was
/// asked by two addresses answers twice, with different URIs if it serves all its addresses; answers of this machine itself
/// that differ in nothing but its address count as one.
struct BroadcastRound {
  std::vector<BroadcastSending> sendings;
  std::vector<BroadcastAnswer> answers;
};
[[nodiscard]] BroadcastRound all_by_broadcast(std::uint16_t port, const ClientSettings& settings);

}  // namespace hearth
