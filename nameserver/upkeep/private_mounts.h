/// Which paths mean something else to this process than to others: below mounts that a service manager has made for it alone.
///
/// Layer: upkeep.        Thread rule: plain functions.
/// Why: under systemd's PrivateTmp= or ProtectHome= a socket of another program in /tmp is not to be seen, alive or not.
#pragma once

#include <string_view>

namespace hearth {

/// `mountinfo`: the text of /proc/self/mountinfo (proc(5)). `path` is absolute.
[[nodiscard]] bool is_below_private_mount(std::string_view path, std::string_view mountinfo);

/// The same for this process, now.
[[nodiscard]] bool is_below_private_mount(std::string_view path);

}  // namespace hearth
