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

template <class Failed>
CallResult failed(Failed& checked) {
  return tl::unexpected<RemoteException>(std::move(checked.error()));
}

CallResult refused(RemoteException& refusal) { return tl::unexpected<RemoteException>(std::move(refusal)); }

CallResult unknown_name(std::string_view name) { return raise("NamingError", "unknown name: " + std::string(name)); }

/// Waits for one commit: takes the change over into the index, then answers the client.
class PendingAnswer final : public CommitWaiter {
 public:
  PendingAnswer(Index& index, Gate& gate, AuthorRef author, Responder responder, std::function<void()> applied)
      : index_(index),
        gate_(gate),
        author_(std::move(author)),
        responder_(std::move(responder)),
        applied_(std::move(applied)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    CallResult result = result_of(mutation, outcome);
    if (outcome && outcome->kind == Outcome::Kind::applied) {
      if (author_ != nullptr) gate_.changed(*author_, mutation, index_);
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
  Gate& gate_;
  const AuthorRef author_;  ///< nullptr: nobody is told
  Responder responder_;
  std::function<void()> applied_;  ///< what else is to be done then; empty: nothing
};

}  // namespace

NameServerObject::NameServerObject(Index& index, MutationSink& sink, const Limits& limits, Gate& gate, Warn warn)
    : index_(index),
      sink_(sink),
      limits_(limits),
      gate_(gate),
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
    case count: return count_names(call);
    case lookup_name: return lookup(call);
    case register_one: return register_name(call, later);
    case set_tags: return set_metadata(call, later);
    case remove_some: return remove(call, later);
    case list_some:
    case yplookup: return list(call);
  }
  HEARTH_CHECK(false);
}

bool NameServerObject::may_overtake_answers(const Method& method, std::span<const Value> arguments) const {
  if (method.id == register_one || method.id == set_tags) return true;
  // A removal by prefix or regex looks at the index, which must have caught up with the writes before it.
  return method.id == remove_some && !arguments[1].is_truthy() && !arguments[2].is_truthy();
}

CallResult NameServerObject::count_names(const Call& call) {
  if (auto refusal = gate_.refusal(call, Right::read, every_name)) return refused(*refusal);
  return Value(static_cast<std::int64_t>(index_.size()));
}

CallResult NameServerObject::lookup(const Call& call) {
  const auto name = checked_lookup_name(call.arguments[0]);
  if (!name) return tl::unexpected<RemoteException>(name.error());
  if (auto refusal = gate_.refusal(call, Right::read, *name)) return refused(*refusal);
  const CompactRegistration* entry = index_.find(*name);
  if (entry == nullptr) return unknown_name(*name);
  auto uri = parse_uri(entry->uri());
  if (!uri) return raise("PyroError", uri.error().text);
  Value object = uri_value(std::move(*uri), call.dialect);
  if (!call.arguments[1].is_truthy()) return object;
  return tuple_of(std::move(object), tags_value(index_, *entry, call.dialect));
}

Answer NameServerObject::list(const Call& call) {
  auto names = gate_.names(call, Right::read);
  if (!names) return failed(names);
  const bool is_yellow_pages = call.method.id == yplookup;
  auto search = is_yellow_pages                  ? search_yellow_pages(call)
                : call.dialect == Dialect::pyro4 ? search_pyro4(call)
                                                 : search_pyro5(call);
  if (!search) return failed(search);
  if (*search == nullptr) return Dict{};
  const bool with_metadata = call.arguments.back().is_truthy();  // the last parameter of each
  return std::make_unique<Listing>(index_, only_named(std::move(*search), std::move(*names)), with_metadata,
                                   call.dialect);
}

/// Pyro4 counts what is not None as a filter, then uses the first that is true: "" and [] list everything.
Checked<SearchPtr> NameServerObject::search_pyro4(const Call& call) {
  const std::vector<Value>& arguments = call.arguments;
  const auto filters =
      std::count_if(arguments.begin(), arguments.begin() + 4, [](const Value& v) { return !v.is_none(); });
  if (filters > 1) return raise("builtins.ValueError", "you can only filter on one thing at a time");
  if (arguments[0].is_truthy()) return search_prefix(index_, arguments[0]);
  if (arguments[1].is_truthy()) return search_regex(index_, arguments[1], limits_);
  if (arguments[2].is_truthy()) return search_all_tags(index_, arguments[2]);
  if (arguments[3].is_truthy()) return search_any_tag(index_, arguments[3]);
  return search_everything(index_);
}

Checked<SearchPtr> NameServerObject::search_pyro5(const Call& call) {
  const Value& prefix = call.arguments[0];
  const Value& regex = call.arguments[1];
  if (prefix.is_truthy() && regex.is_truthy()) {
    return raise("builtins.ValueError", "you can only filter on one thing at a time");
  }
  if (prefix.is_truthy()) return search_prefix(index_, prefix);
  if (regex.is_truthy()) return search_regex(index_, regex, limits_);
  return search_everything(index_);
}

/// nullptr: it asks for nothing.
Checked<SearchPtr> NameServerObject::search_yellow_pages(const Call& call) {
  const Value& all = call.arguments[0];
  const Value& any = call.arguments[1];
  if (all.is_truthy() && any.is_truthy()) {
    return raise("builtins.ValueError", "you can't use meta_all or meta_any at the same time");
  }
  if (all.is_truthy()) return search_all_tags(index_, all);
  if (any.is_truthy()) return search_any_tag(index_, any);
  return nullptr;
}

Answer NameServerObject::register_name(Call& call, Responder& later) {
  auto uri = checked_uri(call.arguments[1], limits_);
  if (!uri) return failed(uri);
  auto name = checked_name(call.arguments[0], limits_);
  if (!name) return failed(name);
  auto tags = checked_metadata(call.arguments[3], call.dialect, limits_);
  if (!tags) return failed(tags);
  if (auto refusal = gate_.refusal(call, Right::registration, *name)) return refused(*refusal);
  if (index_.size() >= limits_.names_max && index_.find(*name) == nullptr) {
    return raise("NamingError", fmt::format("no room for another name: {} are registered (names-max)", index_.size()));
  }
  auto warning = useless_uri_warning(*name, *uri, call.peer);
  submit(origin_of(call), Put{{std::move(*name), std::move(*uri), std::move(*tags)}, call.arguments[2].is_truthy()},
         std::move(later), std::move(warning));
  return std::nullopt;
}

Answer NameServerObject::set_metadata(Call& call, Responder& later) {
  auto name = checked_name(call.arguments[0], limits_);
  if (!name) return failed(name);
  auto tags = checked_metadata(call.arguments[1], call.dialect, limits_);
  if (!tags) return failed(tags);
  if (auto refusal = gate_.refusal(call, Right::registration, *name)) return refused(*refusal);
  submit(origin_of(call), SetTags{std::move(*name), std::move(*tags)}, std::move(later));
  return std::nullopt;
}

Answer NameServerObject::remove(Call& call, Responder& later) {
  auto names = gate_.names(call, Right::removal);
  if (!names) return failed(names);
  const Value& name = call.arguments[0];
  const Value& prefix = call.arguments[1];
  const Value& regex = call.arguments[2];
  const bool has_pattern = prefix.is_truthy() || regex.is_truthy();
  if (const auto type = name.unhashable_type(); type && name.is_truthy()) {
    return raise("builtins.TypeError", "unhashable type: '" + std::string(*type) + "'");
  }
  if (name.is_truthy() && name != Value(name_server_name)) {
    const std::string* text = name.as_str();
    if (text != nullptr) {
      if (auto refusal = gate_.refusal(call, Right::removal, *text)) return refused(*refusal);
    }
    // With a pattern beside it, an unknown name makes Pyro4 go on to the pattern and Pyro5 answer 0.
    const bool goes_on =
        call.dialect == Dialect::pyro4 && has_pattern && (text == nullptr || index_.find(*text) == nullptr);
    if (!goes_on) {
      if (text == nullptr) return Value(0);
      submit(origin_of(call), Remove{{*text}}, std::move(later));
      return std::nullopt;
    }
  }
  if (!has_pattern) return Value(0);
  auto search = prefix.is_truthy() ? search_prefix(index_, prefix) : search_regex(index_, regex, limits_);
  if (!search) return failed(search);
  return std::make_unique<Removal>(only_named(std::move(*search), std::move(*names)), std::move(later),
                                   [this, origin = origin_of(call)](Remove removal, Responder responder) {
                                     submit(origin, std::move(removal), std::move(responder));
                                   });
}

NameServerObject::Origin NameServerObject::origin_of(const Call& call) { return {call.batch, gate_.author(call)}; }

void NameServerObject::submit(Origin origin, Mutation mutation, Responder later, std::optional<std::string> warning) {
  std::function<void()> applied;
  if (warning) applied = [this, text = std::move(*warning)] { warn_(text); };
  sink_.submit(
      {std::move(mutation), origin.batch},
      std::make_unique<PendingAnswer>(index_, gate_, std::move(origin.author), std::move(later), std::move(applied)));
}

}  // namespace hearth
