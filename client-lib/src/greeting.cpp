#include "client-lib/src/greeting.h"

#include <hearth/admin.h>
#include <hearth/name_server.h>

#include <utility>

#include "client-lib/src/client_errors.h"
#include "client-lib/src/handshake_failure.h"

namespace hearth {

Value handshake_for(const Uri& uri, const ClientSettings& settings) {
  const bool is_name_server = uri.object == name_server_object_id || uri.object == hearthd_object_id;
  return is_name_server && !settings.name_server_token.empty() ? Value(settings.name_server_token) : settings.handshake;
}

ConnectFailure refused_greeting(const std::string& place, const std::string& reason, bool has_key) {
  return {{ClientErrorKind::refused, place + " rejected the connection: " + reason},
          refusal_outcome(reason, has_key),
          reason};
}

ConnectFailure failed_greeting(const Error& error, std::string heard, std::optional<HmacVerdict> signature_fault,
                               bool has_key) {
  const StepOutcome outcome = handshake_outcome(error.kind, heard, signature_fault, has_key);
  return {{client_error_kind(error.kind), error.text},
          outcome,
          outcome == StepOutcome::not_pyro ? std::move(heard) : std::string()};
}

}  // namespace hearth
