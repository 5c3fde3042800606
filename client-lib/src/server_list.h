/// A list of name servers as users write it: "host1:9090,host2,[2001:db8::7]:9090,./u:/run/hearth/socket".
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

struct ListedServer {
  std::string host;                   ///< a name, an address without brackets, or `./u:PATH`
  std::optional<std::uint16_t> port;  ///< nullopt: none is named
};

/// In their order; empty places between the commas are left out. What has no valid port behind its colon is all host name,
/// which nobody will be able to resolve.
[[nodiscard]] std::vector<ListedServer> server_list(std::string_view text);

}  // namespace hearth
