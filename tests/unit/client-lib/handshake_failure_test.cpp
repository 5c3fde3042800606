#include "client-lib/src/handshake_failure.h"

#include <doctest/doctest.h>

#include "protocol/rpc/connect_refusal.h"

namespace hearth {

TEST_CASE("handshake: the reasons that Pyro servers give") {
  CHECK(refusal_outcome("message used serializer that is not accepted: 4", false) == StepOutcome::serializer_refused);
  CHECK(refusal_outcome("hmac key config not symmetric", false) == StepOutcome::key_missing);
  CHECK(refusal_outcome("hmac key config not symmetric", true) == StepOutcome::key_unwanted);
  CHECK(refusal_outcome("message hmac mismatch", true) == StepOutcome::key_wrong);
  CHECK(refusal_outcome("no free workers, increase server threadpool size", false) == StepOutcome::no_free_worker);
  CHECK(refusal_outcome(wants_tls_reason, false) == StepOutcome::tls);
  CHECK(refusal_outcome("unknown object", false) == StepOutcome::no_such_object);
  CHECK(refusal_outcome("go away", false) == StepOutcome::turned_away);
}

TEST_CASE("handshake: what was heard instead of an answer") {
  using namespace std::string_view_literals;
  const auto outcome = [](ErrorKind kind, BytesView heard) {
    return handshake_outcome(kind, heard, std::nullopt, false);
  };
  CHECK(outcome(ErrorKind::timeout, "") == StepOutcome::silent);
  CHECK(outcome(ErrorKind::timeout, "PYRO\0"sv) == StepOutcome::silent);
  CHECK(outcome(ErrorKind::disconnected, "") == StepOutcome::hung_up);
  CHECK(outcome(ErrorKind::disconnected, "PYR") == StepOutcome::hung_up);
  CHECK(outcome(ErrorKind::malformed, "HTTP/1.1 400 Bad Request") == StepOutcome::not_pyro);
  CHECK(outcome(ErrorKind::malformed, "PYRO\x09\x09"sv) == StepOutcome::not_pyro);
  CHECK(outcome(ErrorKind::timeout, "220 mail\r\n") == StepOutcome::not_pyro);  // shorter than a header
  CHECK(outcome(ErrorKind::disconnected, "PYX") == StepOutcome::not_pyro);
  CHECK(outcome(ErrorKind::malformed, "\x15\x03\x03\x00\x02\x02\x46"sv) == StepOutcome::tls);
  CHECK(outcome(ErrorKind::disconnected, "\x16\x03"sv) == StepOutcome::tls);
  CHECK(outcome(ErrorKind::disconnected, "\x15") == StepOutcome::not_pyro);
}

TEST_CASE("handshake: answers signed with a key that is not ours") {
  const auto outcome = [](HmacVerdict fault, bool has_key) {
    return handshake_outcome(ErrorKind::unsupported, "PYRO", fault, has_key);
  };
  CHECK(outcome(HmacVerdict::not_symmetric, false) == StepOutcome::key_missing);
  CHECK(outcome(HmacVerdict::not_symmetric, true) == StepOutcome::key_unwanted);
  CHECK(outcome(HmacVerdict::mismatch, true) == StepOutcome::key_wrong);
}

}  // namespace hearth
