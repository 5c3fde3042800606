#include <hearth/value.h>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace hearth {
namespace {

const std::string long_text(100, 'x');

/// One of each alternative.
std::vector<Value> one_of_each() {
  return {Value(),
          Value(true),
          Value(7),
          Value(BigInt{"123456789012345678901234567890"}),
          Value(2.5),
          Value(Complex{1, 2}),
          Value(long_text),
          Value(ByteString{long_text}),
          make_list({1, long_text}),
          make_tuple({1, long_text}),
          make_set({1, long_text}),
          Value(Dict{{{"key", long_text}}})};
}

}  // namespace

TEST_CASE("value: what is moved arrives whole, whatever it is and wherever it goes") {
  const std::vector<Value> values = one_of_each();
  REQUIRE(values.size() == std::variant_size_v<Value::Variant>);
  for (const Value& value : values) {
    CAPTURE(value.type_name());
    Value from = value;
    Value made(std::move(from));
    CHECK(made == value);
    for (Value& target : one_of_each()) {
      Value source = value;
      target = std::move(source);
      CHECK(target == value);
    }
  }
}

TEST_CASE("value: emplace() replaces what was held, and hands out the new") {
  for (Value& value : one_of_each()) {
    CAPTURE(value.type_name());
    value.emplace<List>().items.emplace_back(long_text);
    CHECK(value == make_list({long_text}));
    CHECK(value.emplace<std::string>(long_text) == long_text);
    CHECK(value == Value(long_text));
  }
}

TEST_CASE("value: tuple_of() takes over what may be moved, and copies the rest") {
  std::string taken = long_text;
  const std::string kept = long_text;
  const char* const letters = taken.data();
  const Value tuple = tuple_of(std::move(taken), kept, 5);
  CHECK(tuple == make_tuple({long_text, long_text, 5}));
  CHECK(kept == long_text);
  CHECK(tuple.as_items()->front().as_str()->data() == letters);
  CHECK(tuple_of() == make_tuple({}));
}

TEST_CASE("value: a dict keeps the order in which items are added") {
  Dict dict;
  for (const char* key : {"c", "a", "b"}) dict.add(key, long_text);
  CHECK(dict.items.size() == 3);
  CHECK(dict.items[0].key == Value("c"));
  CHECK(dict.items[2].key == Value("b"));
  CHECK(*dict.find("a") == Value(long_text));
}

}  // namespace hearth
