#include <hearth/resolve.h>

#include <hearth/locate.h>

#include <algorithm>
#include <random>
#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "protocol/rpc/object_table.h"

namespace hearth {
namespace {

constexpr std::string_view direct_protocol = "PYROLOC";

NameServerPlace name_server_of(const Uri& uri) {
  if (uri.socket_path) return {.host = "./u:" + *uri.socket_path};
  return {.host = uri.host, .port = uri.tcp_port()};
}

ClientResult<Uri> by_name(const Uri& uri, NameServerClient& name_server, std::uint32_t wait_ms) {
  auto entry = wait_ms == 0 ? name_server.lookup(uri.object) : name_server.wait_for_name(uri.object, wait_ms);
  if (!entry) return forward_error(entry);
  return place_in(*entry);
}

/// Any of them, as in Pyro: so many clients spread over what offers the same.
ClientResult<Uri> by_tags(const Uri& uri, NameServerClient& name_server, std::uint32_t wait_ms) {
  const TagSet tags(uri.tags.begin(), uri.tags.end());
  auto listing = wait_ms == 0 ? name_server.yplookup_all(tags) : name_server.wait_for_tags(tags, wait_ms);
  if (!listing) return forward_error(listing);
  if (listing->empty()) return fail(ClientErrorKind::unknown_name, "no registration has all tags of " + uri.text());
  std::uniform_int_distribution<std::size_t> any(0, listing->size() - 1);
  std::random_device random;
  return place_in((*listing)[any(random)]);
}

/// What Pyro 3 asked its daemons, in the words of today's.
ClientResult<Uri> by_daemon(const Uri& uri, const ClientSettings& settings) {
  Uri place = uri;
  place.protocol = "PYRO";
  Uri daemon = place;
  daemon.object = daemon_object_id;
  auto proxy = Proxy::connect(daemon, settings);
  if (!proxy) return forward_error(proxy);
  auto metadata = proxy->invoke("get_metadata", {uri.object});
  if (metadata) return place;
  if (!metadata.error().exception || metadata.error().exception->text() != "unknown object") {
    return forward_error(metadata);
  }
  return fail(ClientErrorKind::unknown_name,
              "the daemon at " + uri.location().value_or("") + " has no object " + uri.object);
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
