/// Uri: a Pyro URI, parsed and printed exactly as Pyro does (PYRO.md section 3; Pyro4/core.py class URI).
///
/// Layer: value, public.        Thread rule: none, plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/api.h>
#include <hearth/result.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

/// `PYRO:object@host:port`, `PYRO:object@./u:socketpath`, `PYRONAME:name[@host[:port]]`, `PYROMETA:tag1,tag2[@host[:port]]`.
struct Uri {
  std::string protocol;           ///< "PYRO", "PYRONAME" or "PYROMETA", in upper case
  std::string object;             ///< object id or name; empty for PYROMETA
  std::vector<std::string> tags;  ///< PYROMETA only: unique, sorted
  std::optional<std::string> socket_path;
  std::optional<std::string> host;  ///< an IPv6 address without brackets
  Value port;                       ///< None or an int of any size: Pyro does not check the range

  /// What a client can connect to: the port as a number of 1..65535, or nullopt.
  [[nodiscard]] std::optional<std::uint16_t> tcp_port() const;

  /// `host:port`, `[v6]:port` or `./u:path`; nullopt if there is no location (URI.location).
  [[nodiscard]] std::optional<std::string> location() const;

  /// The canonical text (URI.asString): tags sorted, where Python prints them in any order.
  [[nodiscard]] std::string text() const;

  bool operator==(const Uri&) const = default;
};

/// The port that PYRONAME and PYROMETA locations get when they name none (NS_PORT).
inline constexpr int default_name_server_port = 9090;

/// Errors are ErrorKind::malformed with the text that Pyro's PyroError carries: "invalid uri", "invalid uri (protocol)",
/// "invalid uri (location)", "invalid port in uri, port=x", "invalid ipv6 address: …".
[[nodiscard]] HEARTH_API Result<Uri> parse_uri(std::string_view text);

}  // namespace hearth
