#include "client-lib/src/handshake_failure.h"

#include <algorithm>

#include "protocol/base/check.h"
#include "protocol/rpc/connect_refusal.h"
#include "protocol/tls/tls_record.h"

namespace hearth {

StepOutcome refusal_outcome(std::string_view reason, bool has_key) {
  if (reason.starts_with("message used serializer that is not accepted")) return StepOutcome::serializer_refused;
  if (reason == "hmac key config not symmetric") return has_key ? StepOutcome::key_unwanted : StepOutcome::key_missing;
  if (reason == "message hmac mismatch") return StepOutcome::key_wrong;
  if (reason.starts_with("no free workers")) return StepOutcome::no_free_worker;
  if (reason == wants_tls_reason) return StepOutcome::tls;
  if (reason == "unknown object") return StepOutcome::no_such_object;
  return StepOutcome::turned_away;
}

StepOutcome tls_outcome(TlsFault fault) {
  switch (fault) {
    case TlsFault::not_tls: return StepOutcome::tls_unwanted;
    case TlsFault::peer_certificate: return StepOutcome::certificate_bad;
    case TlsFault::own_certificate: return StepOutcome::certificate_wanted;
    case TlsFault::nothing_in_common:
    case TlsFault::broken: return StepOutcome::tls_failed;
    case TlsFault::cut: return StepOutcome::hung_up;
  }
  HEARTH_CHECK(false);
}

StepOutcome handshake_outcome(ErrorKind kind, BytesView heard, std::optional<HmacVerdict> signature_fault,
                              bool has_key) {
  if (signature_fault == HmacVerdict::mismatch) return StepOutcome::key_wrong;
  if (signature_fault) return has_key ? StepOutcome::key_unwanted : StepOutcome::key_missing;
  if (is_tls_record(heard)) return StepOutcome::tls;
  constexpr BytesView tag = "PYRO";
  const std::size_t comparable = std::min(heard.size(), tag.size());
  if (heard.substr(0, comparable) != tag.substr(0, comparable)) return StepOutcome::not_pyro;
  switch (kind) {
    case ErrorKind::timeout: return StepOutcome::silent;
    case ErrorKind::disconnected:
    case ErrorKind::system: return StepOutcome::hung_up;
    default: return StepOutcome::not_pyro;
  }
}

}  // namespace hearth
