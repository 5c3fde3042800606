#include <hearth/name_server.h>

#include <algorithm>
#include <utility>

#include "client-lib/src/connect_failure.h"
#include "client-lib/src/name_server_calls.h"
#include "client-lib/src/pause.h"

namespace hearth {
namespace {

/// Whether asking again later may help: it is not there yet, or the name server is away.
bool may_change(const ClientError& error) {
  return error.kind == ClientErrorKind::unknown_name || error.kind == ClientErrorKind::unreachable ||
         error.kind == ClientErrorKind::timeout;
}

/// Asks until there is an answer that says so, or the time is up.
template <class T>
ClientResult<T> ask_until(const ClientSettings& settings, std::uint32_t timeout_ms,
                          const std::function<ClientResult<T>(const CallOptions& options)>& ask) {
  const Deadline deadline = Deadline::after_ms(timeout_ms, settings.interrupt.get());
  Backoff backoff(settings.retry_wait_ms, settings.retry_wait_ms_max);
  for (;;) {
    CallOptions options;
    options.timeout_ms = deadline.at_most_ms(settings.call_timeout_ms).timeout_ms();
    auto answer = ask(options);
    if (answer || !may_change(answer.error())) return answer;
    if (pause(backoff, deadline)) continue;
    if (answer.error().kind != ClientErrorKind::unknown_name) return answer;
    return fail(ClientErrorKind::timeout, answer.error().text + ", not within " + std::to_string(timeout_ms) + " ms");
  }
}

}  // namespace

// ---- calls

ClientResult<Value> NameServerClient::call(std::string_view method, Dict kwargs, const CallOptions& options) {
  auto result = proxy_.invoke(method, {}, std::move(kwargs), options);
  if (!result) note_refusal(result.error());
  return result;
}

ClientResult<void> NameServerClient::call_for_nothing(std::string_view method, Dict kwargs) {
  auto result = call(method, std::move(kwargs));
  if (!result) return forward_error(result);
  return {};
}

ClientResult<std::uint64_t> NameServerClient::call_for_count(std::string_view method, Dict kwargs) {
  auto result = call(method, std::move(kwargs));
  if (!result) return forward_error(result);
  return count_in(method, *result);
}

ClientResult<void> NameServerClient::ping() { return call_for_nothing("ping", {}); }

ClientResult<std::uint64_t> NameServerClient::count() { return call_for_count("count", {}); }

// ---- finding one

ClientResult<NameEntry> NameServerClient::lookup(std::string_view name) { return lookup(name, {}); }

ClientResult<NameEntry> NameServerClient::lookup(std::string_view name, const CallOptions& options) {
  NameServerCall lookup = lookup_call(name);
  auto answer = call(lookup.method, std::move(lookup.kwargs), options);
  if (!answer) return forward_error(answer);
  return entry_in(name, std::move(*answer));
}

ClientResult<NameEntry> NameServerClient::wait_for_name(std::string_view name, std::uint32_t timeout_ms) {
  return ask_until<NameEntry>(proxy_.settings(), timeout_ms,
                              [this, name](const CallOptions& options) { return lookup(name, options); });
}

ClientResult<NameListing> NameServerClient::wait_for_tags(const TagSet& tags, std::uint32_t timeout_ms) {
  const auto find = [this, &tags](const CallOptions& options) -> ClientResult<NameListing> {
    auto found = list(NameFilter::all_tags(tags), options);
    if (!found || !found->empty()) return found;
    std::string text = "no registration has all of the tags";
    for (const std::string& tag : tags) text += (tag == *tags.begin() ? " " : ", ") + tag;
    return fail(ClientErrorKind::unknown_name, std::move(text));
  };
  return ask_until<NameListing>(proxy_.settings(), timeout_ms, find);
}

ClientResult<Proxy> NameServerClient::proxy(std::string_view name) {
  auto entry = lookup(name);
  if (!entry) return forward_error(entry);
  auto place = place_in(*entry);
  if (!place) return forward_error(place);
  Uri by_name = uri();
  by_name.protocol = "PYRONAME";
  by_name.object = name;
  return connect_found(by_name, *place, proxy_.settings());
}

// ---- registering

ClientResult<void> NameServerClient::register_name(std::string_view name, std::string_view uri, const TagSet& tags,
                                                   IfTaken if_taken) {
  NameServerCall registration = register_call(name, uri, tags, if_taken);
  return call_for_nothing(registration.method, std::move(registration.kwargs));
}

ClientResult<NameServerClient::RegisteredAll> NameServerClient::register_all(std::span<const NameEntry> entries,
                                                                             IfTaken if_taken) {
  std::vector<BatchedCall> calls;
  calls.reserve(entries.size());
  for (const NameEntry& entry : entries) {
    NameServerCall registration = register_call(entry.name, entry.uri, entry.metadata, if_taken);
    calls.push_back({std::string(registration.method), {}, std::move(registration.kwargs)});
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

ClientResult<void> NameServerClient::set_metadata(std::string_view name, const TagSet& tags) {
  NameServerCall change = set_metadata_call(name, tags);
  return call_for_nothing(change.method, std::move(change.kwargs));
}

ClientResult<std::uint64_t> NameServerClient::remove(std::string_view name) {
  return call_for_count("remove", keyword("name", name));
}
ClientResult<std::uint64_t> NameServerClient::remove_by_prefix(std::string_view prefix) {
  return call_for_count("remove", keyword("prefix", prefix));
}
ClientResult<std::uint64_t> NameServerClient::remove_by_regex(std::string_view regex) {
  return call_for_count("remove", keyword("regex", regex));
}

// ---- listing

ClientResult<NameListing> NameServerClient::list(const NameFilter& filter) { return list(filter, {}); }

ClientResult<NameListing> NameServerClient::list(const NameFilter& filter, const CallOptions& options) {
  NameListing listing;
  auto count = for_each(
      filter, [&listing](NameEntry entry) { listing.push_back(std::move(entry)); }, options);
  if (!count) return forward_error(count);
  std::sort(listing.begin(), listing.end(), [](const NameEntry& a, const NameEntry& b) { return a.name < b.name; });
  return listing;
}

ClientResult<std::size_t> NameServerClient::for_each(const NameFilter& filter,
                                                     const std::function<void(NameEntry entry)>& visit) {
  return for_each(filter, visit, {});
}

ClientResult<std::size_t> NameServerClient::for_each(const NameFilter& filter,
                                                     const std::function<void(NameEntry entry)>& visit,
                                                     CallOptions options) {
  auto listing = list_call(filter, dialect());
  if (!listing) return 0;
  std::size_t count = 0;
  bool is_good = true;
  options.on_dict_item = [&](Value key, Value value) {
    auto entry = listed_entry(std::move(key), std::move(value));
    is_good = is_good && entry.has_value();
    if (!is_good) return;
    ++count;
    visit(std::move(*entry));
  };
  const std::string_view method = listing->method;
  auto answer = call(method, std::move(listing->kwargs), options);
  if (!answer) return forward_error(answer);
  if (!is_good) return not_a_name_server(method);
  return count;
}

}  // namespace hearth
