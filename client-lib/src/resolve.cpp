#include <hearth/resolve.h>

#include <hearth/locate.h>

#include <algorithm>
#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "client-lib/src/resolve_rules.h"

namespace hearth {
namespace {

ClientResult<Uri> by_name(const Uri& uri, NameServerClient& name_server, std::uint32_t wait_ms) {
  auto entry = wait_ms == 0 ? name_server.lookup(uri.object) : name_server.wait_for_name(uri.object, wait_ms);
  if (!entry) return forward_error(entry);
  return place_in(*entry);
}

ClientResult<Uri> by_tags(const Uri& uri, NameServerClient& name_server, std::uint32_t wait_ms) {
  auto listing =
      wait_ms == 0 ? name_server.yplookup_all(tags_of(uri)) : name_server.wait_for_tags(tags_of(uri), wait_ms);
  if (!listing) return forward_error(listing);
  return any_place_in(*listing, uri);
}

/// What Pyro 3 asked its daemons, in the words of today's.
ClientResult<Uri> by_daemon(const Uri& uri, const ClientSettings& settings) {
  auto daemon = Proxy::connect(daemon_of(uri), settings);
  if (!daemon) return forward_error(daemon);
  return place_if_told(uri, daemon->invoke("get_metadata", {uri.object}));
}

}  // namespace

ClientResult<Uri> parse_object_uri(std::string_view text) {
  const std::string_view protocol = text.substr(0, text.find(':'));
  const bool is_direct = std::equal(protocol.begin(), protocol.end(), direct_protocol.begin(), direct_protocol.end(),
                                    [](char a, char b) { return a == b || a == b - 'A' + 'a'; });
  auto uri = is_direct ? parse_uri("PYRO" + std::string(text.substr(protocol.size()))) : parse_uri(text);
  if (!uri) return fail(ClientErrorKind::invalid, uri.error().text + ": " + std::string(text));
  if (is_direct) uri->protocol = direct_protocol;
  return std::move(*uri);
}

ClientResult<Uri> resolve(const Uri& uri, const ClientSettings& settings) {
  if (uri.protocol == "PYRO") return uri;
  if (uri.protocol == direct_protocol) return by_daemon(uri, settings);
  auto name_server = locate(name_server_of(uri), settings);
  if (!name_server) return tl::unexpected<ClientError>(name_server.error().as_error());
  const auto ask = uri.protocol == "PYROMETA" ? by_tags : by_name;
  return ask(uri, *name_server, settings.name_wait_ms);
}

ClientResult<Uri> resolve(std::string_view uri, const ClientSettings& settings) {
  auto parsed = parse_object_uri(uri);
  if (!parsed) return parsed;
  return resolve(*parsed, settings);
}

}  // namespace hearth
