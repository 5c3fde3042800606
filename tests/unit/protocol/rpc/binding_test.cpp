// Expected texts: CPython 3.11, and Pyro4.util.getAttribute on a Pyro4.naming.NameServer.
#include "protocol/rpc/binding.h"

#include <doctest/doctest.h>

namespace hearth {
namespace {

class Sample final : public RemoteObject {
 public:
  [[nodiscard]] std::string_view class_name() const override { return "NameServer"; }
  [[nodiscard]] std::span<const Method> methods(Dialect) const override { return methods_; }
  [[nodiscard]] std::span<const std::string_view> unexposed_attributes() const override {
    static constexpr std::string_view names[] = {"storage"};
    return names;
  }
  [[nodiscard]] Answer invoke(Call&, Responder&) override { return Value(); }

 private:
  std::vector<Method> methods_{
      {"ping", 0, {}},
      {"three", 1, {{"a"}, {"b"}, {"c"}}},
      {"register", 2, {{"name"}, {"uri"}, {"safe", Value(false)}, {"metadata", Value()}}},
  };
};

const Method& method_of(const Sample& sample, const char* name) { return **find_method(sample, Dialect::pyro5, name); }

std::string error_of(const char* method, std::vector<Value> args, Dict kwargs = {}) {
  const Sample sample;
  auto bound = bind_arguments(sample, method_of(sample, method), make_tuple(std::move(args)), std::move(kwargs));
  REQUIRE_FALSE(bound.has_value());
  CHECK(bound.error().type == "builtins.TypeError");
  return bound.error().text();
}

Dict keywords(std::vector<std::pair<std::string, Value>> items) {
  Dict dict;
  for (auto& [key, value] : items) dict.add(key, value);
  return dict;
}

}  // namespace

TEST_CASE("positional and keyword arguments and defaults find their parameters") {
  const Sample sample;
  const Method& method = method_of(sample, "register");
  auto bound = bind_arguments(sample, method, make_list({"n"}), keywords({{"metadata", 5}, {"uri", "u"}}));
  REQUIRE(bound.has_value());
  CHECK(*bound == std::vector<Value>{"n", "u", false, 5});
  bound = bind_arguments(sample, method, make_tuple({"n", "u", true, "m"}), Value());
  REQUIRE(bound.has_value());
  CHECK(*bound == std::vector<Value>{"n", "u", true, "m"});
}

TEST_CASE("the last of equal keywords counts, as in a Python dict") {
  const Sample sample;
  auto bound = bind_arguments(sample, method_of(sample, "register"), make_tuple({}),
                              keywords({{"name", "old"}, {"uri", "u"}, {"name", "new"}}));
  REQUIRE(bound.has_value());
  CHECK(bound->front() == Value("new"));
}

TEST_CASE("wrong arguments give Python's TypeErrors") {
  CHECK(error_of("ping", {1}) == "NameServer.ping() takes 1 positional argument but 2 were given");
  CHECK(error_of("three", {1, 2, 3, 4}) == "NameServer.three() takes 4 positional arguments but 5 were given");
  CHECK(error_of("register", {1, 2, 3, 4, 5}) ==
        "NameServer.register() takes from 3 to 5 positional arguments but 6 were given");
  CHECK(error_of("register", {"n"}) == "NameServer.register() missing 1 required positional argument: 'uri'");
  CHECK(error_of("register", {}) == "NameServer.register() missing 2 required positional arguments: 'name' and 'uri'");
  CHECK(error_of("three", {}) == "NameServer.three() missing 3 required positional arguments: 'a', 'b', and 'c'");
  CHECK(error_of("register", {"n"}, keywords({{"name", 1}})) ==
        "NameServer.register() got multiple values for argument 'name'");
  CHECK(error_of("ping", {1, 2}, keywords({{"x", 3}})) == "NameServer.ping() got an unexpected keyword argument 'x'");
  Dict odd;
  odd.items.push_back({Value(1), Value(2)});
  CHECK(error_of("ping", {}, odd) == "keywords must be strings");
}

TEST_CASE("arguments of impossible types are refused") {
  const Sample sample;
  const Method& ping = method_of(sample, "ping");
  CHECK(bind_arguments(sample, ping, 5, Dict{}).error().text() ==
        "NameServer.ping() argument after * must be an iterable, not int");
  CHECK(bind_arguments(sample, ping, make_tuple({}), 5).error().text() ==
        "NameServer.ping() argument after ** must be a mapping, not int");
}

TEST_CASE("private, unknown and unexposed members are told apart") {
  const Sample sample;
  const auto error = [&sample](const char* name) {
    const auto found = find_method(sample, Dialect::pyro4, name);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().type == "builtins.AttributeError");
    return found.error().text();
  };
  CHECK(error("_x") == "attempt to access private attribute '_x'");
  CHECK(error("__init__") == "attempt to access private attribute '__init__'");
  CHECK(error("__x") == "attempt to access private attribute '__x'");
  CHECK(error("____") == "attempt to access private attribute '____'");
  CHECK(error("__len__") == "'NameServer' object has no attribute '__len__'");
  CHECK(error("nope") == "'NameServer' object has no attribute 'nope'");
  CHECK(error("storage") == "attempt to access unexposed attribute 'storage'");
  CHECK(error("__dict__") == "attempt to access unexposed attribute '__dict__'");
  CHECK(find_method(sample, Dialect::pyro4, 5).error().type == "builtins.TypeError");
}

TEST_CASE("attributes cannot be read or written") {
  const Sample sample;
  const auto text = [&sample](Value args) { return attribute_error(sample, Dialect::pyro4, args).text(); };
  CHECK(text(make_tuple({"lock"})) == "type object 'NameServer' has no attribute 'lock'");
  CHECK(text(make_tuple({"ping"})) == "attempt to access unexposed or unknown remote attribute 'ping'");
  CHECK(text(make_tuple({"__doc__"})) == "attempt to access unexposed or unknown remote attribute '__doc__'");
  CHECK(text(make_tuple({})) == "tuple index out of range");
  CHECK(text(make_tuple({5})) == "attribute name must be string, not 'int'");
}

}  // namespace hearth
