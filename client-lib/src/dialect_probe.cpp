#include "client-lib/src/dialect_probe.h"

#include <utility>

namespace hearth {

void DialectProbe::turn() {
  current_ = current_ == Dialect::pyro5 ? Dialect::pyro4 : Dialect::pyro5;
  has_turned_ = true;
}

std::optional<ConnectFailure> DialectProbe::other_dialect_spoken(const Uri& uri) {
  const std::string place = uri.location().value_or(uri.text());
  if (has_key_) {
    return ConnectFailure{
        {ClientErrorKind::refused, place + " speaks only the Pyro5 protocol, which cannot carry an HMAC key"},
        StepOutcome::key_unwanted};
  }
  if (hung_up_) return std::move(hung_up_);
  if (has_turned_) {
    return ConnectFailure{{ClientErrorKind::protocol, place + " answers each Pyro protocol in the other one"},
                          StepOutcome::not_pyro};
  }
  turn();
  return std::nullopt;
}

std::optional<ConnectFailure> DialectProbe::greeting_failed(ConnectFailure failure) {
  if (failure.error.kind != ClientErrorKind::unreachable || has_key_ || has_turned_) return failure;
  hung_up_ = std::move(failure);
  turn();
  return std::nullopt;
}

}  // namespace hearth
