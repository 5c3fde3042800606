#include <hearth/inspection.h>
#include <hearth/name_server.h>

#include <utility>

#include "client-lib/src/inspect_connected.h"
#include "client-lib/src/this_machine.h"

namespace hearth {

namespace {

/// By value: a server with few threads has the connection back before the next one is opened.
ClientResult<void> ask_name_server(NameServerClient name_server, Inspection& inspection) {
  auto count = name_server.count();
  if (!count) return forward_error(count);
  inspection.registrations = *count;
  auto own = name_server.lookup(name_server_object_id);
  if (own) inspection.own_uri = std::move(own->uri);
  if (!own && own.error().kind != ClientErrorKind::unknown_name) return forward_error(own);
  return {};
}

/// Nothing told to us is no failure: it may be another make, or not want to tell this client.
ClientResult<void> ask_hearthd(const ClientSettings& settings, Inspection& inspection) {
  auto admin = AdminClient::connect(inspection.reached_at, settings);
  if (!admin && admin.error().kind == ClientErrorKind::refused) return {};
  if (!admin) return forward_error(admin);
  if (!*admin) return {};
  auto status = (*admin)->status();
  if (!status && status.error().kind == ClientErrorKind::remote) return {};
  if (!status) return forward_error(status);
  inspection.hearthd = std::move(*status);
  return {};
}

}  // namespace

ClientResult<Inspection> inspect_connected(Proxy proxy, const ClientSettings& settings) {
  Inspection inspection;
  inspection.reached_at = proxy.uri();
  inspection.is_on_this_machine = is_on_this_machine(proxy.uri());
  inspection.dialect = proxy.dialect();
  if (auto told = ask_name_server(NameServerClient(std::move(proxy)), inspection); !told) return forward_error(told);
  if (auto told = ask_hearthd(settings, inspection); !told) return forward_error(told);
  return inspection;
}

ClientResult<Inspection> inspect(const Uri& name_server, const ClientSettings& settings) {
  auto proxy = Proxy::connect(name_server, settings);
  if (!proxy) return forward_error(proxy);
  return inspect_connected(std::move(*proxy), settings);
}

bool is_same_server(const Inspection& a, const Inspection& b) {
  if (a.hearthd.has_value() != b.hearthd.has_value()) return false;
  if (a.hearthd) return a.hearthd->instance == b.hearthd->instance;
  const bool is_same_place = a.reached_at.location() == b.reached_at.location();
  return a.own_uri == b.own_uri && (is_same_place || (a.is_on_this_machine && b.is_on_this_machine));
}

}  // namespace hearth
