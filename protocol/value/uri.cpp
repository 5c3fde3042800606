#include <hearth/uri.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include <hearth/repr.h>

#include "protocol/base/limits.h"
#include "protocol/base/wtf8.h"
#include "protocol/value/int_text.h"
#include "protocol/value/unicode.h"
#include "protocol/value/uri_state.h"

namespace hearth {
namespace {

struct Parts {
  std::string_view protocol;
  std::string_view object;
  std::string_view location;  ///< empty: none
};

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string ascii_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

/// Where the object ends: `(\S+?)(@(.+))?$` takes the shortest object for which the rest matches, which is the first '@'
/// behind at least one character and in front of one. nullopt: a blank comes first.
std::optional<std::size_t> object_length(std::string_view text) {
  std::size_t pos = 0;
  while (pos < text.size()) {
    const bool starts_location = text[pos] == '@' && pos > 0 && pos + 1 < text.size();
    if (starts_location) return pos;
    if (is_python_space(decode_wtf8(text, pos))) return std::nullopt;
  }
  return pos;
}

/// The regular expression of Pyro4/core.py, URI.uriRegEx:
/// `(?P<protocol>[Pp][Yy][Rr][Oo][a-zA-Z]*):(?P<object>\S+?)(@(?P<location>.+))?$`
std::optional<Parts> split(std::string_view text) {
  // Python's '$' also matches in front of a newline that ends the text; '.' and \S match no newline anywhere else.
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.find('\n') != std::string_view::npos) return std::nullopt;

  const auto colon =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_ascii_letter) - text.begin());
  if (colon == text.size() || text[colon] != ':') return std::nullopt;
  const std::string_view protocol = text.substr(0, colon);
  if (!ascii_upper(protocol).starts_with("PYRO")) return std::nullopt;

  const std::string_view rest = text.substr(colon + 1);
  const auto length = object_length(rest);
  if (!length || *length == 0) return std::nullopt;
  return Parts{protocol, rest.substr(0, *length), rest.substr(std::min(*length + 1, rest.size()))};
}

/// `\d+` at the start of `text`, in bytes.
std::size_t digits_length(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t pos = 0; pos < text.size() && decimal_digit_value(decode_wtf8(text, pos)) >= 0;) end = pos;
  return end;
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;  ///< empty: none
};

/// re.match of `\[([0-9a-fA-F:%]+)](:(\d+))?`: whatever follows is ignored, as in Pyro.
Result<HostAndPort> split_ipv6(std::string_view location) {
  if (location.starts_with("[[")) {
    return fail(ErrorKind::malformed, "invalid ipv6 address: enclosed in too many brackets");
  }
  const std::size_t end = location.find_first_not_of("0123456789abcdefABCDEF:%", 1);
  if (end == 1 || end == std::string_view::npos || location[end] != ']') {
    return fail(ErrorKind::malformed, "invalid ipv6 address: the part between brackets must be a numeric ipv6 address");
  }
  HostAndPort parts{location.substr(1, end - 1), {}};
  const std::string_view rest = location.substr(end + 1);
  if (rest.starts_with(':')) parts.port = rest.substr(1, digits_length(rest.substr(1)));
  return parts;
}

Result<HostAndPort> split_host_and_port(std::string_view location) {
  if (location.starts_with('[')) return split_ipv6(location);
  const std::size_t colon = location.find(':');
  if (colon == std::string_view::npos) return HostAndPort{location, {}};
  return HostAndPort{location.substr(0, colon), location.substr(colon + 1)};
}

/// URI._parseLocation
Result<void> parse_location(std::string_view location, const Value& default_port, Uri& uri) {
  constexpr std::string_view socket_prefix = "./u:";
  if (location.starts_with(socket_prefix)) {
    const std::string_view path = location.substr(socket_prefix.size());
    if (path.empty() || path.find(':') != std::string_view::npos) {
      return fail(ErrorKind::malformed, "invalid uri (location)");
    }
    uri.socket_path = path;
    return {};
  }
  auto parts = split_host_and_port(location);
  if (!parts) return forward_error(parts);
  uri.host = parts->host;
  if (parts->port.empty()) {
    if (default_port.is_none()) return fail(ErrorKind::malformed, "invalid port in uri, port=None");
    uri.port = default_port;
    return {};
  }
  auto port = int_from_text(parts->port, DecodeLimits{}.int_digits_max);
  if (!port) return fail(ErrorKind::malformed, "invalid port in uri, port=" + std::string(parts->port));
  uri.port = std::move(*port);
  return {};
}

void make_unique_and_sorted(std::vector<std::string>& tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

/// Python also strips every tag, but the object part holds no blanks.
std::vector<std::string> split_tags(std::string_view object) {
  std::vector<std::string> tags;
  for (std::size_t start = 0; start <= object.size();) {
    const std::size_t comma = std::min(object.find(',', start), object.size());
    tags.emplace_back(object.substr(start, comma - start));
    start = comma + 1;
  }
  make_unique_and_sorted(tags);
  return tags;
}

bool take_text(const Value& value, std::string& text) {
  const std::string* found = value.as_str();
  if (found == nullptr) return false;
  text = *found;
  return true;
}

bool take_optional_text(const Value& value, std::optional<std::string>& text) {
  return value.is_none() || take_text(value, text.emplace());
}

bool take_tags(const Value& value, std::vector<std::string>& tags) {
  const auto* items = value.as_items();
  if (items == nullptr) return false;
  for (const Value& item : *items) {
    if (!take_text(item, tags.emplace_back())) return false;
  }
  make_unique_and_sorted(tags);
  return true;
}

}  // namespace

std::optional<std::uint16_t> Uri::tcp_port() const {
  const auto* number = port.as<std::int64_t>();
  if (number == nullptr || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

std::optional<std::string> Uri::location() const {
  if (host && !host->empty()) {
    const bool is_ipv6 = host->find(':') != std::string::npos;
    return (is_ipv6 ? "[" + *host + "]:" : *host + ":") + repr(port);
  }
  if (socket_path && !socket_path->empty()) return "./u:" + *socket_path;
  return std::nullopt;
}

std::string Uri::text() const {
  std::string result = protocol + ":";
  if (protocol == "PYROMETA") {
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (i > 0) result += ',';
      result += tags[i];
    }
  } else {
    result += object;
  }
  if (const auto where = location()) (result += '@') += *where;
  return result;
}

Result<Uri> parse_uri(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return fail(ErrorKind::malformed, "invalid uri");

  Uri uri;
  uri.protocol = ascii_upper(parts->protocol);
  const bool is_direct = uri.protocol == "PYRO";
  if (uri.protocol == "PYROMETA") {
    uri.tags = split_tags(parts->object);
  } else if (is_direct || uri.protocol == "PYRONAME") {
    uri.object = parts->object;
  } else {
    return fail(ErrorKind::malformed, "invalid uri (protocol)");
  }

  if (parts->location.empty()) {
    if (is_direct) return fail(ErrorKind::malformed, "invalid uri");
    return uri;
  }
  const Value default_port = is_direct ? Value() : Value(default_name_server_port);
  auto located = parse_location(parts->location, default_port, uri);
  if (!located) return forward_error(located);
  return uri;
}

Value uri_state(Uri uri) {
  Value object = uri.protocol == "PYROMETA" ? make_set({uri.tags.begin(), uri.tags.end()}) : std::move(uri.object);
  const auto or_none = [](std::optional<std::string>& text) { return text ? Value(std::move(*text)) : Value(); };
  return tuple_of(std::move(uri.protocol), std::move(object), or_none(uri.socket_path), or_none(uri.host),
                  std::move(uri.port));
}

Result<Uri> uri_from_state(const Value& state) {
  const auto malformed = [] { return fail(ErrorKind::malformed, "not the state of a URI object"); };
  const auto* parts = state.as_items();
  if (parts == nullptr || state.as<Set>() != nullptr || parts->size() != 5) return malformed();
  const auto& [protocol, object, socket_path, host, port] =
      std::tie((*parts)[0], (*parts)[1], (*parts)[2], (*parts)[3], (*parts)[4]);

  Uri uri;
  if (!take_text(protocol, uri.protocol)) return malformed();
  const bool object_fits = uri.protocol == "PYROMETA" ? take_tags(object, uri.tags) : take_text(object, uri.object);
  if (!object_fits || !take_optional_text(socket_path, uri.socket_path) || !take_optional_text(host, uri.host)) {
    return malformed();
  }
  const bool is_int = port.as<std::int64_t>() != nullptr || port.as<BigInt>() != nullptr;
  // Pyro accepts a host without a port here and fails when it prints it ("%d" of None).
  const bool needs_port = uri.host && !uri.host->empty();
  if (!is_int && (!port.is_none() || needs_port)) return malformed();
  uri.port = port;
  return uri;
}

}  // namespace hearth
