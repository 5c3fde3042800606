#include <hearth/uv/name_server.h>

#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "client-lib/uv/asking.h"
#include "client-lib/uv/waiting.h"

namespace hearth::uv {
namespace {

using Calls = std::shared_ptr<CallPool>;

ClientResult<Value> value_of(ClientResult<Answer> answer, std::string_view method) {
  if (!answer) return forward_error(answer);
  auto value = value_in(std::move(answer->reply), method);
  if (!value) note_refusal(value.error());
  return value;
}

/// `read`: from the Value to the result.
template <class T, class Read>
Request<T> ask_name_server(const Calls& calls, NameServerCall call, CallOptions options, Read read) {
  return ask<T>(calls, method_call(call.method, {}, std::move(call.kwargs)), std::move(options),
                [method = call.method, read = std::move(read)](ClientResult<Answer> answer) -> ClientResult<T> {
                  auto value = value_of(std::move(answer), method);
                  if (!value) return forward_error(value);
                  return read(std::move(*value));
                });
}

Request<void> ask_for_nothing(const Proxy& proxy, NameServerCall call) {
  return ask_name_server<void>(ProxyAccess::calls(proxy), std::move(call), {},
                               [](const Value&) { return ClientResult<void>(); });
}

Request<std::uint64_t> ask_for_count(const Proxy& proxy, NameServerCall call) {
  const std::string_view method = call.method;
  return ask_name_server<std::uint64_t>(ProxyAccess::calls(proxy), std::move(call), {},
                                        [method](const Value& answer) { return count_in(method, answer); });
}

Request<NameEntry> lookup_in(const Calls& calls, const std::string& name, CallOptions options) {
  return ask_name_server<NameEntry>(calls, lookup_call(name), std::move(options),
                                    [name](Value answer) { return entry_in(name, std::move(answer)); });
}

/// The items of the answer one by one, so that it is not held as values too.
struct ListingInProgress {
  NameListing entries;
  bool is_good = true;

  void take(Value key, Value value) {
    auto entry = listed_entry(std::move(key), std::move(value));
    is_good = is_good && entry.has_value();
    if (is_good) entries.push_back(std::move(*entry));
  }
};

Request<NameListing> list_in(const Calls& calls, NameFilter filter, CallOptions options) {
  auto listing = std::make_shared<ListingInProgress>();
  const auto read = [listing](ClientResult<Answer> answer) -> ClientResult<NameListing> {
    auto value = value_of(std::move(answer), "list");
    if (!value) return forward_error(value);
    if (!listing->is_good) return not_a_name_server("list");
    sort_by_name(listing->entries);
    return std::move(listing->entries);
  };
  const bool is_empty = !list_call(filter, Dialect::pyro5);
  if (is_empty) return ask<NameListing>(calls, Known{CallResult(None{})}, {}, read);
  options.on_dict_item = [listing](Value key, Value value) { listing->take(std::move(key), std::move(value)); };
  const ByDialect question = [filter = std::move(filter)](Dialect dialect) {
    auto call = list_call(filter, dialect);
    return method_call(call->method, {}, std::move(call->kwargs));
  };
  return ask<NameListing>(calls, question, std::move(options), read);
}

template <class T>
Request<T> wait_until(const Calls& calls, std::uint32_t timeout_ms, typename Waiting<T>::Ask attempt) {
  return Request<T>([weak = std::weak_ptr<CallPool>(calls), timeout_ms,
                     attempt = std::move(attempt)](typename Request<T>::Callback done) {
    const auto pool = weak.lock();
    if (pool == nullptr) return Operation();
    return pool->operations().start<Waiting<T>>(std::move(done), *pool, timeout_ms, attempt);
  });
}

}  // namespace

Request<void> NameServer::ping() { return ask_for_nothing(proxy_, {"ping", {}}); }
Request<std::uint64_t> NameServer::count() { return ask_for_count(proxy_, {"count", {}}); }

Request<NameEntry> NameServer::lookup(std::string_view name) {
  return lookup_in(ProxyAccess::calls(proxy_), std::string(name), {});
}

Request<NameEntry> NameServer::wait_for_name(std::string_view name, std::uint32_t timeout_ms) {
  const Calls& calls = ProxyAccess::calls(proxy_);
  auto attempt = [weak = std::weak_ptr<CallPool>(calls), name = std::string(name)](CallOptions options) {
    return lookup_in(weak.lock(), name, std::move(options));
  };
  return wait_until<NameEntry>(calls, timeout_ms, std::move(attempt));
}

Request<NameListing> NameServer::wait_for_tags(const TagSet& tags, std::uint32_t timeout_ms) {
  const Calls& calls = ProxyAccess::calls(proxy_);
  auto attempt = [weak = std::weak_ptr<CallPool>(calls), tags](CallOptions options) {
    auto listing =
        std::make_shared<Request<NameListing>>(list_in(weak.lock(), NameFilter::all_tags(tags), std::move(options)));
    return Request<NameListing>([listing, tags](Request<NameListing>::Callback done) {
      return std::move(*listing).then([tags, done = std::move(done)](ClientResult<NameListing> found) {
        if (found && found->empty()) return done(tl::unexpected<ClientError>(nothing_has(tags)));
        done(std::move(found));
      });
    });
  };
  return wait_until<NameListing>(calls, timeout_ms, std::move(attempt));
}

Request<void> NameServer::register_name(std::string_view name, std::string_view uri, const TagSet& tags,
                                        IfTaken if_taken) {
  return ask_for_nothing(proxy_, register_call(name, uri, tags, if_taken));
}

Request<void> NameServer::set_metadata(std::string_view name, const TagSet& tags) {
  return ask_for_nothing(proxy_, set_metadata_call(name, tags));
}

Request<std::uint64_t> NameServer::remove(std::string_view name) {
  return ask_for_count(proxy_, {"remove", keyword("name", name)});
}
Request<std::uint64_t> NameServer::remove_by_prefix(std::string_view prefix) {
  return ask_for_count(proxy_, {"remove", keyword("prefix", prefix)});
}
Request<std::uint64_t> NameServer::remove_by_regex(std::string_view regex) {
  return ask_for_count(proxy_, {"remove", keyword("regex", regex)});
}

Request<NameListing> NameServer::list(NameFilter filter) {
  return list_in(ProxyAccess::calls(proxy_), std::move(filter), {});
}

}  // namespace hearth::uv
