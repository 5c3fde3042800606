#include "client-lib/src/registration_rules.h"

#include <utility>

namespace hearth {

RegistrationStep next_step(const NameEntry& wanted, const ClientResult<NameEntry>& found) {
  if (found) return found->uri == wanted.uri ? RegistrationStep::none : RegistrationStep::give_way;
  return found.error().kind == ClientErrorKind::unknown_name ? RegistrationStep::register_again
                                                             : RegistrationStep::ask_again;
}

tl::unexpected<ClientError> taken_over(const NameEntry& found) {
  return fail(ClientErrorKind::name_taken, found.name + " leads to " + found.uri + " now, which is not ours");
}

ClientResult<NameEntry> in_canonical_form(NameEntry entry) {
  const auto uri = parse_uri(entry.uri);
  if (!uri) return fail(ClientErrorKind::invalid, uri.error().text + ": " + entry.uri);
  entry.uri = uri->text();
  return entry;
}

}  // namespace hearth
