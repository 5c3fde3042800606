/// DialectProbe: in which dialect to greet a server, and whether to try the other one after a greeting that failed.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, plain object.
#pragma once

#include <hearth/dialect.h>
#include <hearth/uri.h>

#include <optional>

#include "client-lib/src/connect_failure.h"

namespace hearth {

class DialectProbe {
 public:
  /// With an HMAC key only Pyro4 comes into question.
  DialectProbe(Dialect first, bool has_key) : current_(has_key ? Dialect::pyro4 : first), has_key_(has_key) {}

  [[nodiscard]] Dialect current() const { return current_; }

  /// The server at that place has answered in the other dialect. nullopt: greet it anew, in current().
  [[nodiscard]] std::optional<ConnectFailure> other_dialect_spoken(const Uri& uri);

  /// The greeting has failed otherwise. Instead of an answer in its own dialect, a server may hang up without a word on one
  /// that it does not know. nullopt: greet it anew, in current().
  [[nodiscard]] std::optional<ConnectFailure> greeting_failed(ConnectFailure failure);

 private:
  void turn();

  Dialect current_;
  bool has_key_;
  bool has_turned_ = false;
  std::optional<ConnectFailure> hung_up_;  ///< how the first greeting ended, if the server hung up
};

}  // namespace hearth
