/// Right: what a client may be allowed to do, each on some names.
///
/// Layer: model.        Thread rule: plain value.
#pragma once

#include <array>
#include <string_view>

namespace hearth {

enum class Right : unsigned char {
  read,          ///< look names up, and see them in lists
  registration,  ///< add a registration, replace one, change its metadata
  removal,       ///< take registrations away
  admin,         ///< the object Hearth.Admin; not about names
};

/// As they are written in the access file, in the order of the enum.
inline constexpr std::array<std::string_view, 4> right_names{"read", "register", "remove", "admin"};

[[nodiscard]] inline std::string_view to_string(Right right) { return right_names.at(static_cast<std::size_t>(right)); }

}  // namespace hearth
