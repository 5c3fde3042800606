#include "client-lib/src/resolve_rules.h"

#include <random>
#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "protocol/rpc/object_table.h"

namespace hearth {

NameServerPlace name_server_of(const Uri& uri) {
  if (uri.socket_path) return {.host = "./u:" + *uri.socket_path};
  return {.host = uri.host, .port = uri.tcp_port()};
}

TagSet tags_of(const Uri& uri) { return {uri.tags.begin(), uri.tags.end()}; }

ClientResult<Uri> any_place_in(const NameListing& found, const Uri& uri) {
  if (found.empty()) return fail(ClientErrorKind::unknown_name, "no registration has all tags of " + uri.text());
  std::uniform_int_distribution<std::size_t> any(0, found.size() - 1);
  std::random_device random;
  return place_in(found[any(random)]);
}

Uri direct_place(Uri uri) {
  uri.protocol = "PYRO";
  return uri;
}

Uri daemon_of(Uri uri) {
  uri.protocol = "PYRO";
  uri.object = daemon_object_id;
  return uri;
}

ClientResult<Uri> place_if_told(const Uri& uri, ClientResult<Value> told) {
  if (told) return direct_place(uri);
  if (!told.error().exception || told.error().exception->text() != "unknown object") return forward_error(told);
  return fail(ClientErrorKind::unknown_name,
              "the daemon at " + uri.location().value_or("") + " has no object " + uri.object);
}

}  // namespace hearth
