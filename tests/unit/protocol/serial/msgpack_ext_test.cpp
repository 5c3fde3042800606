#include "protocol/serial/msgpack_ext.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

Result<Value> load(std::int8_t code, const std::string& data) {
  const ExactBytes exact(data);
  return load_msgpack_ext(code, exact.view(), {});
}

/// The text that a datetime or a date becomes, from the hex of what Python's struct.pack wrote.
std::string text_of(std::int8_t code, std::string_view hex) {
  const auto loaded = load(code, from_hex(hex));
  return loaded ? *loaded->as_str() : loaded.error().text;
}

constexpr const char* bad_datetime = "invalid data for msgpack ext code: 50";
constexpr const char* bad_date = "invalid data for msgpack ext code: 51";

TEST_CASE("msgpack datetimes become what datetime.fromtimestamp(t, timezone.utc).isoformat() prints") {
  CHECK(text_of(0x32, "0000000000000000") == "1970-01-01T00:00:00+00:00");
  CHECK(text_of(0x32, "000000000000f83f") == "1970-01-01T00:00:01.500000+00:00");
  CHECK(text_of(0x32, "000000000000f4bf") == "1969-12-31T23:59:58.750000+00:00");
  CHECK(text_of(0x32, "04000040fc54d941") == "2023-11-14T22:13:20.000001+00:00");
  CHECK(text_of(0x32, "cb1a50caffffef3f") == "1970-01-01T00:00:01+00:00");  // 0.9999999
  CHECK(text_of(0x32, "000000ee23ef2cc2") == "0001-01-01T00:00:00+00:00");
  CHECK(text_of(0x32, "000002ee23ef2cc2") == bad_datetime);
  CHECK(text_of(0x32, "0080bf20fa7f4d42") == "9999-12-31T23:59:59+00:00");
  CHECK(text_of(0x32, "0000c020fa7f4d42") == bad_datetime);
  CHECK(text_of(0x32, "000000000000f87f") == bad_datetime);  // nan
  CHECK(text_of(0x32, "00c84e676dc1ab43") == bad_datetime);  // 1e18
  CHECK(text_of(0x32, "000000000000f8") == bad_datetime);
}

TEST_CASE("msgpack dates become what date.fromordinal(n).isoformat() prints") {
  CHECK(text_of(0x33, "81460b0000000000") == "2024-02-29");
  CHECK(text_of(0x33, "0100000000000000") == "0001-01-01");
  CHECK(text_of(0x33, "dbb9370000000000") == "9999-12-31");
  CHECK(text_of(0x33, "dcb9370000000000") == bad_date);
  CHECK(text_of(0x33, "0000000000000000") == bad_date);
  CHECK(text_of(0x33, "ffffffffffffffff") == bad_date);
  CHECK(text_of(0x33, "ffffffffffffff7f") == bad_date);
  CHECK(text_of(0x33, "81460b00") == bad_date);
}

TEST_CASE("msgpack complex numbers are two doubles") {
  CHECK(*load(0x30, msgpack_complex_data({1.5, -2})) == Value(Complex{1.5, -2}));
  for (const std::size_t size : {0U, 7U, 8U, 15U, 17U}) CHECK_FALSE(load(0x30, std::string(size, '\0')));
}

TEST_CASE("msgpack big ints are read as int() reads bytes") {
  CHECK(*load(0x31, " -1_0 ") == Value(-10));
  CHECK(*load(0x31, "100000000000000000000") == Value(BigInt{"100000000000000000000"}));
  for (const char* data : {"", "x", "1.5", "-", "\xd9\xa1",
                           "\xc2\xa0"
                           "1"}) {
    CAPTURE(data);
    CHECK_FALSE(load(0x31, data));
  }
}

TEST_CASE("msgpack ext codes that Pyro does not know") {
  for (const int code : {0, 5, 0x34, 127, -1, -128}) {
    const auto loaded = load(static_cast<std::int8_t>(code), "data");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::malformed);
    CHECK(loaded.error().text == "invalid ext code for msgpack: " + std::to_string(code));
  }
}

}  // namespace
}  // namespace hearth
