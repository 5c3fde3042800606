#include "protocol/serial/msgpack.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

Result<Value> load(std::string_view bytes, const DecodeLimits& limits = {}) {
  const ExactBytes exact(bytes);
  return MsgpackSerializer().load(exact.view(), limits);
}

Bytes dumped(const Value& value) {
  Bytes out;
  REQUIRE(MsgpackSerializer().dump(value, out));
  return out;
}

Error refusal(std::string_view hex, const DecodeLimits& limits = {}) {
  const auto loaded = load(from_hex(hex), limits);
  REQUIRE_FALSE(loaded);
  return loaded.error();
}

Dict dict_of(std::string key, Value value) {
  Dict dict;
  dict.add(std::move(key), std::move(value));
  return dict;
}

std::string nested(std::size_t levels) { return std::string(levels, '\x91') + '\xc0'; }

/// A value, and the hex of MsgpackSerializer().dumps() for it, or of how that starts.
struct Sample {
  Value value;
  const char* python;
};

Sample big_sample() {
  constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();
  constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
  return {make_list({None{},    true,         false,
                     0,         127,          128,
                     -1,        -32,          -33,
                     65535,     65536,        std::int64_t{1} << 32,
                     int64_max, int64_min,    1.5,
                     "h\u00e9", "\U0001f600", ByteString{std::string("\0\xff", 2)},
                     List{},    Dict{},       dict_of("a", make_list({1, dict_of("b", None{})}))}),
          "dc0015c0c3c2007fcc80ffe0d0dfcdffffce00010000cf0000000100000000cf7fffffffffffffffd38000000000000000"
          "cb3ff8000000000000a368c3a9a4f09f9880c40200ff908081a161920181a162c0"};
}

TEST_CASE("msgpack writes and reads the bytes that Python writes") {
  const Sample samples[] = {
      big_sample(),
      {BigInt{"9223372036854775808"}, "cf8000000000000000"},
      {BigInt{"18446744073709551615"}, "cfffffffffffffffff"},
      {BigInt{"18446744073709551616"}, "c714313138343436373434303733373039353531363136"},
      {BigInt{"-9223372036854775809"}, "c714312d39323233333732303336383534373735383039"},
      {Complex{1.5, -2}, "d830000000000000f83f00000000000000c0"},
      {std::nan(""), "cb7ff8000000000000"},
      {-HUGE_VAL, "cbfff0000000000000"},
      {1.0, "cb3ff0000000000000"},
      {-0.0, "cb8000000000000000"},
  };
  for (const Sample& sample : samples) {
    CAPTURE(sample.python);
    CHECK(dumped(sample.value) == from_hex(sample.python));
    CHECK(*load(from_hex(sample.python)) == sample.value);
  }
  CHECK(dumped(make_tuple({make_tuple({1, "x"}), make_set({7})})) == from_hex("92 92 01 a178 91 07"));
}

TEST_CASE("msgpack lengths of every width") {
  const Sample starts[] = {
      {std::string(31, 'x'), "bf"},
      {std::string(32, 'x'), "d920"},
      {std::string(256, 'x'), "da0100"},
      {std::string(65536, 'x'), "db00010000"},
      {ByteString{std::string(255, 'x')}, "c4ff"},
      {ByteString{std::string(256, 'x')}, "c50100"},
      {ByteString{std::string(65536, 'x')}, "c600010000"},
      {make_list(std::vector<Value>(16)), "dc0010"},
      {make_list(std::vector<Value>(65536)), "dd00010000"},
  };
  for (const Sample& sample : starts) {
    CAPTURE(sample.python);
    const Bytes bytes = dumped(sample.value);
    CHECK(bytes.starts_with(from_hex(sample.python)));
    CHECK(*load(bytes) == sample.value);
  }
  Dict dict;
  for (int i = 0; i < 65536; ++i) dict.add(std::to_string(i), None{});
  const Bytes bytes = dumped(dict);
  CHECK(bytes.starts_with(from_hex("df00010000")));
  CHECK(load(bytes)->as<Dict>()->items.size() == 65536);
}

TEST_CASE("msgpack reads what Python never writes") {
  CHECK(*load(from_hex("ca3fc00000")) == Value(1.5));
  CHECK(*load(from_hex("d005")) == Value(5));
  CHECK(*load(from_hex("dd00000001 db00000001 78")) == make_list({"x"}));
  CHECK(*load(from_hex("c803 e8 31") + std::string(1000, '7')) == Value(BigInt{std::string(1000, '7')}));
}

TEST_CASE("msgpack is cut off everywhere, or goes on") {
  const Bytes bytes = from_hex(big_sample().python);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const auto loaded = load(bytes.substr(0, length));
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::malformed);
  }
  CHECK(load(bytes + '\xc0').error().kind == ErrorKind::malformed);
}

TEST_CASE("msgpack does not believe lengths") {
  for (const char* hex : {"ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff", "c9ffffffff31", "c9fffffffe31",
                          "dcffff", "deffff", "92 dd00000003 c0c0", "dd00000002 dd00000002 dd00000002 dd00000002"}) {
    CAPTURE(hex);
    CHECK(refusal(hex).kind == ErrorKind::malformed);
  }
}

TEST_CASE("msgpack calls of Pyro") {
  // MsgpackSerializer().dumpsCall("Pyro.NameServer", "lookup", ("example",), {"return_metadata": True})
  const auto call = MsgpackSerializer().load_call(
      from_hex(
          "94af5079726f2e4e616d65536572766572a66c6f6f6b757091a76578616d706c6581af72657475726e5f6d65746164617461c3"),
      {});
  REQUIRE(call);
  CHECK(call->object == Value("Pyro.NameServer"));
  CHECK(call->args == make_list({"example"}));
  CHECK(call->kwargs == Value(dict_of("return_metadata", true)));
}

TEST_CASE("msgpack text is strict utf-8") {
  for (const char* hex : {"a1ff", "a3eda080", "a1c3", "81 a1ff c0"}) {
    CAPTURE(hex);
    CHECK(refusal(hex).kind == ErrorKind::malformed);
  }
  for (const Value& value :
       {Value("\xed\xa0\x80"), Value(make_list({1, "\xed\xb0\x80"})), Value(dict_of("\xed\xa0\x80", 1))}) {
    Bytes out = "before";
    const auto done = MsgpackSerializer().dump(value, out);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::unsupported);
    CHECK(out == "before");
  }
}

TEST_CASE("msgpack map keys are str or bytes when they come in, and anything when they go out") {
  CHECK(load(from_hex("81 c4016b 01"))->as<Dict>()->items.front().key == Value(ByteString{"k"}));
  CHECK(refusal("81 01 02").text == "int is not allowed for map key when strict_map_key=True");
  CHECK(refusal("81 90 02").text == "list is not allowed for map key when strict_map_key=True");
  CHECK(refusal("81 80 02").text == "dict is not allowed for map key when strict_map_key=True");
  CHECK(refusal("81 c7023135 35 02").kind == ErrorKind::malformed);
  CHECK(refusal("82 a161 01 c0 02").text == "NoneType is not allowed for map key when strict_map_key=True");
  Dict dict;
  dict.items = {{1, 2}, {make_tuple({1, 2}), 3}, {None{}, 4}};
  CHECK(dumped(dict) == from_hex("83 01 02 92 01 02 03 c0 04"));
}

TEST_CASE("msgpack without meaning") {
  CHECK(refusal("c1").kind == ErrorKind::malformed);
  CHECK(refusal("92 c0 c1").kind == ErrorKind::malformed);
  CHECK(refusal("").kind == ErrorKind::malformed);
}

TEST_CASE("msgpack limits") {
  DecodeLimits limits;
  limits.nesting_max = 3;
  CHECK(load(nested(3), limits));
  CHECK(load(nested(4), limits).error().kind == ErrorKind::limit);
  CHECK(refusal("81 a161 81 a161 81 a161 81 a161 c0", limits).kind == ErrorKind::limit);
  CHECK(load(nested(1000000)).error().kind == ErrorKind::limit);

  limits = {};
  limits.value_nodes_max = 4;
  CHECK(load(from_hex("93 01 02 03"), limits));
  CHECK(refusal("94 01 02 03 04", limits).kind == ErrorKind::limit);
  CHECK(refusal("82 a161 01 a162 02", limits).kind == ErrorKind::limit);
  CHECK(load(from_hex("dd00100000") + std::string(1 << 20, '\xc0')).error().kind == ErrorKind::limit);

  limits = {};
  limits.int_digits_max = 5;
  CHECK(load(from_hex("c70631 2d3132333435"), limits));
  CHECK(refusal("c70631 313233343536", limits).kind == ErrorKind::limit);
}

}  // namespace
}  // namespace hearth
