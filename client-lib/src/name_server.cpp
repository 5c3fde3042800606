#include <hearth/name_server.h>

#include <algorithm>
#include <utility>

#include "protocol/rpc/class_dicts.h"

namespace hearth {
namespace {

tl::unexpected<ClientError> nonsense(std::string_view method) {
  return fail(ClientErrorKind::protocol,
              "the name server's answer to " + std::string(method) + "() has another form than a name server's");
}

/// The two refusals that programs tell apart; Pyro spells both NamingError, so its text has to decide
/// (PYRO.md section 4).
ClientErrorKind naming_error_kind(const RemoteException& exception) {
  if (exception.type != "NamingError") return ClientErrorKind::remote;
  const std::string text = exception.text();
  if (text.starts_with("unknown name: ")) return ClientErrorKind::unknown_name;
  if (text.starts_with("name already registered: ")) return ClientErrorKind::name_taken;
  return ClientErrorKind::remote;
}

void note_refusal(ClientError& error) {
  if (error.exception) error.kind = naming_error_kind(*error.exception);
}

/// As a list: every serializer has those, and both dialects take them.
Value tags_value(const std::vector<std::string>& tags) {
  List list;
  list.items.reserve(tags.size());
  for (const std::string& tag : tags) list.items.emplace_back(tag);
  return list;
}

Dict arguments(std::string key, Value value) {
  Dict dict;
  dict.add(std::move(key), std::move(value));
  return dict;
}

void make_unique_and_sorted(std::vector<std::string>& tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

bool take_text(Value& value, std::string& text) {
  auto* found = value.as<std::string>();
  if (found == nullptr) return false;
  text = std::move(*found);
  return true;
}

/// A list, tuple or set of str; Pyro4 also says None where there are none.
bool take_tags(Value& value, std::vector<std::string>& tags) {
  if (value.is_none()) return true;
  std::vector<Value>* items = value.as_items();
  if (items == nullptr) return false;
  tags.reserve(items->size());
  for (Value& item : *items) {
    if (!take_text(item, tags.emplace_back())) return false;
  }
  make_unique_and_sorted(tags);
  return true;
}

/// (uri text, tags)
bool take_registration(Value& value, NameEntry& entry) {
  std::vector<Value>* pair = value.as_items();
  return pair != nullptr && pair->size() == 2 && take_text((*pair)[0], entry.uri) &&
         take_tags((*pair)[1], entry.metadata);
}

bool take_listing(Value& value, NameListing& listing) {
  Dict* dict = value.as<Dict>();
  if (dict == nullptr) return false;
  listing.reserve(dict->items.size());
  for (DictItem& item : dict->items) {
    NameEntry& entry = listing.emplace_back();
    if (!take_text(item.key, entry.name) || !take_registration(item.value, entry)) return false;
  }
  std::sort(listing.begin(), listing.end(), [](const NameEntry& a, const NameEntry& b) { return a.name < b.name; });
  return true;
}

Dict registration(std::string_view name, std::string_view uri, const std::vector<std::string>& tags,
                  NameServerClient::IfTaken if_taken) {
  Dict kwargs = arguments("name", name);
  kwargs.add("uri", uri);
  kwargs.add("safe", if_taken == NameServerClient::IfTaken::fail);
  if (!tags.empty()) kwargs.add("metadata", tags_value(tags));
  return kwargs;
}

ClientResult<void> without_value(ClientResult<Value> result) {
  if (!result) return forward_error(result);
  return {};
}

}  // namespace

/// Everything goes by keyword: the order of the parameters differs between the dialects.
ClientResult<Value> NameServerClient::call(std::string_view method, Dict kwargs) {
  auto result = proxy_.invoke(method, {}, std::move(kwargs));
  if (!result) note_refusal(result.error());
  return result;
}

ClientResult<std::uint64_t> NameServerClient::call_for_count(std::string_view method, Dict kwargs) {
  auto result = call(method, std::move(kwargs));
  if (!result) return forward_error(result);
  const auto* count = result->as<std::int64_t>();
  if (count == nullptr || *count < 0) return nonsense(method);
  return static_cast<std::uint64_t>(*count);
}

ClientResult<NameListing> NameServerClient::call_for_list(std::string_view method, Dict kwargs) {
  kwargs.add("return_metadata", true);
  auto result = call(method, std::move(kwargs));
  if (!result) return forward_error(result);
  NameListing listing;
  if (!take_listing(*result, listing)) return nonsense(method);
  return listing;
}

ClientResult<void> NameServerClient::ping() { return without_value(call("ping", {})); }

ClientResult<std::uint64_t> NameServerClient::count() { return call_for_count("count", {}); }

ClientResult<NameEntry> NameServerClient::lookup(std::string_view name) {
  Dict kwargs = arguments("name", name);
  kwargs.add("return_metadata", true);
  auto result = call("lookup", std::move(kwargs));
  if (!result) return forward_error(result);
  std::vector<Value>* pair = result->as_items();
  if (pair == nullptr || pair->size() != 2 || !is_uri_value((*pair)[0])) return nonsense("lookup");
  const auto uri = uri_from_value((*pair)[0]);
  NameEntry entry;
  if (!uri || !take_tags((*pair)[1], entry.metadata)) return nonsense("lookup");
  entry.name = name;
  entry.uri = uri->text();
  return entry;
}

ClientResult<void> NameServerClient::register_name(std::string_view name, std::string_view uri,
                                                   const std::vector<std::string>& tags, IfTaken if_taken) {
  return without_value(call("register", registration(name, uri, tags, if_taken)));
}

ClientResult<NameServerClient::RegisteredAll> NameServerClient::register_all(std::span<const NameEntry> entries,
                                                                             IfTaken if_taken) {
  std::vector<BatchedCall> calls;
  calls.reserve(entries.size());
  for (const NameEntry& entry : entries) {
    calls.push_back({"register", {}, registration(entry.name, entry.uri, entry.metadata, if_taken)});
  }
  auto results = proxy_.invoke_batch(std::move(calls));
  if (!results) return forward_error(results);
  RegisteredAll registered{results->size(), std::nullopt};
  if (results->empty() || results->back()) return registered;
  --registered.count;
  registered.failure = std::move(results->back().error());
  note_refusal(*registered.failure);
  return registered;
}

ClientResult<void> NameServerClient::set_metadata(std::string_view name, const std::vector<std::string>& tags) {
  Dict kwargs = arguments("name", name);
  kwargs.add("metadata", tags_value(tags));
  return without_value(call("set_metadata", std::move(kwargs)));
}

ClientResult<std::uint64_t> NameServerClient::remove(std::string_view name) {
  return call_for_count("remove", arguments("name", name));
}
ClientResult<std::uint64_t> NameServerClient::remove_by_prefix(std::string_view prefix) {
  return call_for_count("remove", arguments("prefix", prefix));
}
ClientResult<std::uint64_t> NameServerClient::remove_by_regex(std::string_view regex) {
  return call_for_count("remove", arguments("regex", regex));
}

ClientResult<NameListing> NameServerClient::list() { return call_for_list("list", {}); }
ClientResult<NameListing> NameServerClient::list_by_prefix(std::string_view prefix) {
  return call_for_list("list", arguments("prefix", prefix));
}
ClientResult<NameListing> NameServerClient::list_by_regex(std::string_view regex) {
  return call_for_list("list", arguments("regex", regex));
}

/// Repeated tags are dropped here: a reference server with sql: storage finds nothing for them (USERS.md
/// 1.2 i). And without tags Pyro4 would list everything.
ClientResult<NameListing> NameServerClient::yplookup(bool all, std::vector<std::string> tags) {
  if (tags.empty()) return NameListing();
  make_unique_and_sorted(tags);
  if (dialect() == Dialect::pyro4) {
    return call_for_list("list", arguments(all ? "metadata_all" : "metadata_any", tags_value(tags)));
  }
  return call_for_list("yplookup", arguments(all ? "meta_all" : "meta_any", tags_value(tags)));
}

ClientResult<NameListing> NameServerClient::yplookup_all(std::vector<std::string> tags) {
  return yplookup(true, std::move(tags));
}
ClientResult<NameListing> NameServerClient::yplookup_any(std::vector<std::string> tags) {
  return yplookup(false, std::move(tags));
}

}  // namespace hearth
