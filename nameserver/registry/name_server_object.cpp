#include "nameserver/registry/name_server_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <hearth/uri.h>

#include "nameserver/registry/listing.h"
#include "nameserver/registry/removal.h"
#include "nameserver/registry/search.h"
#include "nameserver/registry/shown_tags.h"
#include "nameserver/registry/useless_uri.h"
#include "protocol/base/check.h"
#include "protocol/rpc/class_dicts.h"

namespace hearth {
namespace {

enum MethodId : int { ping, count, lookup_name, register_one, set_tags, remove_some, list_some, yplookup };

std::vector<Method> make_methods(Dialect dialect) {
  const Value none;
  const Value no = false;
  std::vector<Method> methods{
      {"ping", ping, {}},
      {"count", count, {}},
      {"lookup", lookup_name, {{"name"}, {"return_metadata", no}}},
      {"register", register_one, {{"name"}, {"uri"}, {"safe", no}, {"metadata", none}}},
      {"set_metadata", set_tags, {{"name"}, {"metadata"}}},
      {"remove", remove_some, {{"name", none}, {"prefix", none}, {"regex", none}}},
  };
  if (dialect == Dialect::pyro4) {
    methods.push_back(
        {"list",
         list_some,
         {{"prefix", none}, {"regex", none}, {"metadata_all", none}, {"metadata_any", none}, {"return_metadata", no}}});
  } else {
    methods.push_back({"list", list_some, {{"prefix", none}, {"regex", none}, {"return_metadata", no}}});
    methods.push_back(
        {"yplookup", yplookup, {{"meta_all", none}, {"meta_any", none}, {"return_metadata", Value(true)}}});
  }
  return methods;
}

/// The search, or why there is none.
Answer listing(const Index& index, Checked<SearchPtr> search, bool with_metadata, Dialect dialect) {
  if (!search) return CallResult(tl::unexpected<RemoteException>(std::move(search.error())));
  return std::make_unique<Listing>(index, std::move(*search), with_metadata, dialect);
}

CallResult unknown_name(std::string_view name) { return raise("NamingError", "unknown name: " + std::string(name)); }

/// Waits for one commit: takes the change over into the index, then answers the client.
class PendingAnswer final : public CommitWaiter {
 public:
  PendingAnswer(Index& index, Responder responder, std::function<void()> applied)
      : index_(index), responder_(std::move(responder)), applied_(std::move(applied)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    CallResult result = result_of(mutation, outcome);
    if (outcome && outcome->kind == Outcome::Kind::applied) {
      index_.apply(std::move(mutation));
      if (applied_) applied_();
    }
    std::move(responder_).answer(std::move(result));
  }

 private:
  static CallResult result_of(const Mutation& mutation, const Result<Outcome>& outcome) {
    if (!outcome) return raise("NamingError", outcome.error().text);
    switch (outcome->kind) {
      case Outcome::Kind::applied: break;
      case Outcome::Kind::name_taken:
        return raise("NamingError", "name already registered: " + std::get<Put>(mutation).registration.name);
      case Outcome::Kind::unknown_name: return unknown_name(std::get<SetTags>(mutation).name);
    }
    if (std::holds_alternative<Remove>(mutation)) return Value(std::int64_t{outcome->count});
    return Value();
  }

  Index& index_;
  Responder responder_;
  std::function<void()> applied_;  ///< what else is to be done then; empty: nothing
};

}  // namespace

NameServerObject::NameServerObject(Index& index, MutationSink& sink, const Limits& limits, Warn warn)
    : index_(index),
      sink_(sink),
      limits_(limits),
      warn_(std::move(warn)),
      methods_pyro4_(make_methods(Dialect::pyro4)),
      methods_pyro5_(make_methods(Dialect::pyro5)) {}

std::span<const Method> NameServerObject::methods(Dialect dialect) const {
  return dialect == Dialect::pyro4 ? methods_pyro4_ : methods_pyro5_;
}

std::span<const std::string_view> NameServerObject::unexposed_attributes() const {
  static constexpr std::string_view names[] = {"storage", "lock"};
  return names;
}

Answer NameServerObject::invoke(Call& call, Responder& later) {
  switch (call.method.id) {
    case ping: return Value();
    case count: return Value(static_cast<std::int64_t>(index_.size()));
    case lookup_name: return lookup(call);
    case register_one: return register_name(call, later);
    case set_tags: return set_metadata(call, later);
    case remove_some: return remove(call, later);
    case list_some: return call.dialect == Dialect::pyro4 ? list_pyro4(call) : list_pyro5(call);
    case yplookup: return yellow_pages_lookup(call);
  }
  HEARTH_CHECK(false);
}

bool NameServerObject::may_overtake_answers(const Method& method, std::span<const Value> arguments) const {
  if (method.id == register_one || method.id == set_tags) return true;
  // A removal by prefix or regex looks at the index, which must have caught up with the writes before it.
  return method.id == remove_some && !arguments[1].is_truthy() && !arguments[2].is_truthy();
}

CallResult NameServerObject::lookup(const Call& call) const {
  const auto name = checked_lookup_name(call.arguments[0]);
  if (!name) return tl::unexpected<RemoteException>(name.error());
  const CompactRegistration* entry = index_.find(*name);
  if (entry == nullptr) return unknown_name(*name);
  auto uri = parse_uri(entry->uri());
  if (!uri) return raise("PyroError", uri.error().text);
  Value object = uri_value(*uri, call.dialect);
  if (!call.arguments[1].is_truthy()) return object;
  return make_tuple({std::move(object), tags_value(index_, *entry, call.dialect)});
}

/// Pyro4 counts what is not None as a filter, then uses the first that is true: "" and [] list everything.
Answer NameServerObject::list_pyro4(const Call& call) {
  const std::vector<Value>& arguments = call.arguments;
  const auto filters =
      std::count_if(arguments.begin(), arguments.begin() + 4, [](const Value& v) { return !v.is_none(); });
  if (filters > 1) return raise("builtins.ValueError", "you can only filter on one thing at a time");
  const bool with_metadata = arguments[4].is_truthy();
  const auto answer = [&](Checked<SearchPtr> search) {
    return listing(index_, std::move(search), with_metadata, call.dialect);
  };
  if (arguments[0].is_truthy()) return answer(search_prefix(index_, arguments[0]));
  if (arguments[1].is_truthy()) return answer(search_regex(index_, arguments[1], limits_));
  if (arguments[2].is_truthy()) return answer(search_all_tags(index_, arguments[2]));
  if (arguments[3].is_truthy()) return answer(search_any_tag(index_, arguments[3]));
  return answer(search_everything(index_));
}

Answer NameServerObject::list_pyro5(const Call& call) {
  const Value& prefix = call.arguments[0];
  const Value& regex = call.arguments[1];
  if (prefix.is_truthy() && regex.is_truthy()) {
    return raise("builtins.ValueError", "you can only filter on one thing at a time");
  }
  const bool with_metadata = call.arguments[2].is_truthy();
  const auto answer = [&](Checked<SearchPtr> search) {
    return listing(index_, std::move(search), with_metadata, call.dialect);
  };
  if (prefix.is_truthy()) return answer(search_prefix(index_, prefix));
  if (regex.is_truthy()) return answer(search_regex(index_, regex, limits_));
  return answer(search_everything(index_));
}

Answer NameServerObject::yellow_pages_lookup(const Call& call) {
  const Value& all = call.arguments[0];
  const Value& any = call.arguments[1];
  if (all.is_truthy() && any.is_truthy()) {
    return raise("builtins.ValueError", "you can't use meta_all or meta_any at the same time");
  }
  const bool with_metadata = call.arguments[2].is_truthy();
  if (all.is_truthy()) return listing(index_, search_all_tags(index_, all), with_metadata, call.dialect);
  if (any.is_truthy()) return listing(index_, search_any_tag(index_, any), with_metadata, call.dialect);
  return Dict{};
}

Answer NameServerObject::register_name(Call& call, Responder& later) {
  const auto refused = [](auto& checked) {
    return CallResult(tl::unexpected<RemoteException>(std::move(checked.error())));
  };
  auto uri = checked_uri(call.arguments[1], limits_);
  if (!uri) return refused(uri);
  auto name = checked_name(call.arguments[0], limits_);
  if (!name) return refused(name);
  auto tags = checked_metadata(call.arguments[3], call.dialect, limits_);
  if (!tags) return refused(tags);
  if (index_.size() >= limits_.names_max && index_.find(*name) == nullptr) {
    return raise("NamingError", fmt::format("no room for another name: {} are registered (names-max)", index_.size()));
  }
  auto warning = useless_uri_warning(*name, *uri, call.peer);
  submit(call.batch, Put{{std::move(*name), std::move(*uri), std::move(*tags)}, call.arguments[2].is_truthy()},
         std::move(later), std::move(warning));
  return std::nullopt;
}

Answer NameServerObject::set_metadata(Call& call, Responder& later) {
  const auto refused = [](auto& checked) {
    return CallResult(tl::unexpected<RemoteException>(std::move(checked.error())));
  };
  auto name = checked_name(call.arguments[0], limits_);
  if (!name) return refused(name);
  auto tags = checked_metadata(call.arguments[1], call.dialect, limits_);
  if (!tags) return refused(tags);
  submit(call.batch, SetTags{std::move(*name), std::move(*tags)}, std::move(later));
  return std::nullopt;
}

Answer NameServerObject::remove(Call& call, Responder& later) {
  const Value& name = call.arguments[0];
  const Value& prefix = call.arguments[1];
  const Value& regex = call.arguments[2];
  const bool has_pattern = prefix.is_truthy() || regex.is_truthy();
  if (const auto type = name.unhashable_type(); type && name.is_truthy()) {
    return raise("builtins.TypeError", "unhashable type: '" + std::string(*type) + "'");
  }
  if (name.is_truthy() && name != Value(name_server_name)) {
    const std::string* text = name.as_str();
    // With a pattern beside it, an unknown name makes Pyro4 go on to the pattern and Pyro5 answer 0.
    const bool goes_on =
        call.dialect == Dialect::pyro4 && has_pattern && (text == nullptr || index_.find(*text) == nullptr);
    if (!goes_on) {
      if (text == nullptr) return Value(0);
      submit(call.batch, Remove{{*text}}, std::move(later));
      return std::nullopt;
    }
  }
  if (!has_pattern) return Value(0);
  auto search = prefix.is_truthy() ? search_prefix(index_, prefix) : search_regex(index_, regex, limits_);
  if (!search) return CallResult(tl::unexpected<RemoteException>(std::move(search.error())));
  return std::make_unique<Removal>(std::move(*search), std::move(later),
                                   [this, batch = call.batch](Remove removal, Responder responder) {
                                     submit(batch, std::move(removal), std::move(responder));
                                   });
}

void NameServerObject::submit(ChainId batch, Mutation mutation, Responder later, std::optional<std::string> warning) {
  std::function<void()> applied;
  if (warning) applied = [this, text = std::move(*warning)] { warn_(text); };
  sink_.submit({std::move(mutation), batch},
               std::make_unique<PendingAnswer>(index_, std::move(later), std::move(applied)));
}

}  // namespace hearth
