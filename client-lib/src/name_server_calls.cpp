#include "client-lib/src/name_server_calls.h"

#include <utility>

#include "protocol/rpc/class_dicts.h"

namespace hearth {
namespace {

/// As a list: every serializer has those, and both dialects take them.
Value tags_value(const TagSet& tags) {
  List list;
  list.items.reserve(tags.size());
  for (const std::string& tag : tags) list.items.emplace_back(tag);
  return list;
}

bool take_text(Value& value, std::string& text) {
  auto* found = value.as<std::string>();
  if (found == nullptr) return false;
  text = std::move(*found);
  return true;
}

/// A list, tuple or set of str; Pyro4 also says None where there are none.
bool take_tags(Value& value, TagSet& tags) {
  if (value.is_none()) return true;
  std::vector<Value>* items = value.as_items();
  if (items == nullptr) return false;
  for (Value& item : *items) {
    std::string tag;
    if (!take_text(item, tag)) return false;
    tags.insert(std::move(tag));
  }
  return true;
}

}  // namespace

Dict keyword(std::string key, Value value) {
  Dict dict;
  dict.add(std::move(key), std::move(value));
  return dict;
}

NameServerCall lookup_call(std::string_view name) {
  Dict kwargs = keyword("name", name);
  kwargs.add("return_metadata", true);
  return {"lookup", std::move(kwargs)};
}

NameServerCall register_call(std::string_view name, std::string_view uri, const TagSet& tags,
                             NameServerClient::IfTaken if_taken) {
  Dict kwargs = keyword("name", name);
  kwargs.add("uri", uri);
  kwargs.add("safe", if_taken == NameServerClient::IfTaken::fail);
  if (!tags.empty()) kwargs.add("metadata", tags_value(tags));
  return {"register", std::move(kwargs)};
}

NameServerCall set_metadata_call(std::string_view name, const TagSet& tags) {
  Dict kwargs = keyword("name", name);
  kwargs.add("metadata", tags_value(tags));
  return {"set_metadata", std::move(kwargs)};
}

std::optional<NameServerCall> list_call(const NameFilter& filter, Dialect dialect) {
  NameServerCall call{"list", keyword("return_metadata", true)};
  switch (filter.by) {
    case NameFilter::By::nothing: return call;
    case NameFilter::By::prefix: call.kwargs.add("prefix", filter.text); return call;
    case NameFilter::By::regex: call.kwargs.add("regex", filter.text); return call;
    case NameFilter::By::all_tags:
    case NameFilter::By::any_tag: break;
  }
  if (filter.tags.empty()) return std::nullopt;
  const bool wants_all = filter.by == NameFilter::By::all_tags;
  if (dialect == Dialect::pyro5) call.method = "yplookup";
  const std::string_view prefix = dialect == Dialect::pyro5 ? "meta_" : "metadata_";
  call.kwargs.add(std::string(prefix) + (wants_all ? "all" : "any"), tags_value(filter.tags));
  return call;
}

/// Text has to decide, as the class is the same for all of them.
void note_refusal(ClientError& error) {
  if (!error.exception || error.exception->type != "NamingError") return;
  const std::string text = error.exception->text();
  if (text.starts_with("unknown name: ")) error.kind = ClientErrorKind::unknown_name;
  if (text.starts_with("name already registered: ")) error.kind = ClientErrorKind::name_taken;
}

ClientResult<NameEntry> entry_in(std::string_view name, Value answer) {
  std::vector<Value>* pair = answer.as_items();
  if (pair == nullptr || pair->size() != 2 || !is_uri_value((*pair)[0])) return not_a_name_server("lookup");
  const auto uri = uri_from_value((*pair)[0]);
  NameEntry entry;
  if (!uri || !take_tags((*pair)[1], entry.metadata)) return not_a_name_server("lookup");
  entry.name = name;
  entry.uri = uri->text();
  return entry;
}

ClientResult<std::uint64_t> count_in(std::string_view method, const Value& answer) {
  const auto* count = answer.as<std::int64_t>();
  if (count == nullptr || *count < 0) return not_a_name_server(method);
  return static_cast<std::uint64_t>(*count);
}

std::optional<NameEntry> listed_entry(Value key, Value value) {
  NameEntry entry;
  std::vector<Value>* pair = value.as_items();
  const bool is_good = pair != nullptr && pair->size() == 2 && take_text(key, entry.name) &&
                       take_text((*pair)[0], entry.uri) && take_tags((*pair)[1], entry.metadata);
  if (!is_good) return std::nullopt;
  return entry;
}

ClientResult<Uri> place_in(const NameEntry& entry) {
  auto uri = parse_uri(entry.uri);
  if (uri && uri->protocol == "PYRO") return std::move(*uri);
  return fail(ClientErrorKind::protocol,
              entry.name + " is registered as " + entry.uri + ", which is not the place of an object");
}

tl::unexpected<ClientError> not_a_name_server(std::string_view method) {
  return fail(ClientErrorKind::protocol,
              "the name server's answer to " + std::string(method) + "() has another form than a name server's");
}

}  // namespace hearth
