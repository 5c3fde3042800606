/// What is to be done about a registration that should stand, from what the name server says of it.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <hearth/name_server.h>

namespace hearth {

enum class RegistrationStep : unsigned char {
  none,  ///< it stands
  register_again,
  give_way,   ///< the name leads elsewhere
  ask_again,  ///< the name server could not be asked
};

/// `found` is the answer to a lookup of the name. The tags may differ: somebody may have changed them on purpose.
[[nodiscard]] RegistrationStep next_step(const NameEntry& wanted, const ClientResult<NameEntry>& found);

/// The name is registered with `found`.
[[nodiscard]] tl::unexpected<ClientError> taken_over(const NameEntry& found);

/// As lookup() answers it: equal URIs have equal texts. `invalid` if it is none.
[[nodiscard]] ClientResult<NameEntry> in_canonical_form(NameEntry entry);

}  // namespace hearth
