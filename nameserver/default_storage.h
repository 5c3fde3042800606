/// Where registrations go when nobody says: a file, so that nothing is lost by default.
///
/// Layer: nameserver.        Thread rule: at the start only.
#pragma once

#include <cstdint>
#include <string>

#include <hearth/result.h>

#include "nameserver/options/options.h"

namespace hearth {

/// The path of `hearthd.db` (`hearthd-PORT.db` for another port than 9090) in $STATE_DIRECTORY (systemd's), else
/// $XDG_STATE_HOME/hearth, else ~/.local/state/hearth. Creates the last two directories, for the user alone. Errors say which
/// directory could not be made, and that -s chooses another place.
[[nodiscard]] Result<std::string> default_storage_path(const Environment& environment, std::uint16_t port);

}  // namespace hearth
