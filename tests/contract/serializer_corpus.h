/// The values that every serializer must carry, or refuse, as its traits say (serializer_contract.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hearth/value.h>

namespace hearth::contract {

inline Value dict_of(std::vector<DictItem> items) { return Dict{std::move(items)}; }

inline std::vector<Value> numbers() {
  using Int = std::numeric_limits<std::int64_t>;
  using Float = std::numeric_limits<double>;
  std::vector<Value> values = {0,
                               1,
                               -1,
                               127,
                               128,
                               -32,
                               -33,
                               255,
                               256,
                               65535,
                               65536,
                               -32768,
                               -32769,
                               Int::max(),
                               Int::min(),
                               std::int64_t{2147483647},
                               std::int64_t{2147483648},
                               std::int64_t{-2147483648},
                               std::int64_t{-2147483649},
                               std::int64_t{4294967296},
                               true,
                               false,
                               0.0,
                               -0.0,
                               1.0,
                               1.5,
                               -1e-7,
                               0.1,
                               1e16,
                               1e300,
                               Float::denorm_min(),
                               Float::max(),
                               Float::infinity(),
                               -Float::infinity(),
                               Float::quiet_NaN(),
                               Complex{1, -2},
                               Complex{0, 1.5},
                               Complex{0, Float::infinity()}};
  for (const std::string_view digits : {"9223372036854775808", "-9223372036854775809", "18446744073709551615",
                                        "18446744073709551616", "-100000000000000000000000000000000000000"}) {
    values.emplace_back(BigInt{std::string(digits)});
  }
  values.emplace_back(BigInt{std::string(4300, '7')});
  return values;
}

inline std::vector<Value> texts() {
  using namespace std::string_view_literals;
  std::vector<Value> values = {"",
                               "plain",
                               "it's",
                               "\"quoted\"",
                               "'both' \"kinds\"",
                               "back\\slash",
                               "\t\n\r\b\f\v\x7f\x1b",
                               "a\0b"sv,
                               "\u00e9\u00a0\u00ad\u0085",
                               "\u2028\ufeff\uffff",
                               "\U0001F600\U0010FFFF",
                               "# no comment",
                               "{'__class__': 'x'}",
                               "\xed\xa0\x80",
                               "\xed\xa0\xbd\xed\xb8\x80",
                               ByteString{""},
                               ByteString{"text"},
                               ByteString{std::string("\0\xff\x80'"sv)}};
  for (const std::size_t size : {31U, 32U, 255U, 256U, 65535U, 65536U}) values.emplace_back(std::string(size, 'x'));
  return values;
}

inline std::vector<Value> containers() {
  std::vector<Value> values = {
      None{},
      List{},
      Tuple{},
      Set{},
      Dict{},
      make_list({None{}, 1, "a"}),
      make_tuple({1}),
      make_tuple({1, make_tuple({}), make_list({make_tuple({2, 3})})}),
      make_set({"a", "b", "c"}),
      make_set({1, 2.5, None{}, "1"}),
      make_set({ByteString{"a"}, make_tuple({1, "x"})}),
      make_list({make_set({}), make_set({"x"})}),
      dict_of({{"b", 1}, {"a", make_list({make_set({"t"})})}, {"", None{}}}),
      dict_of({{"__class__", "Pyro5.core.URI"}, {"state", make_tuple({"PYRO", "o", None{}, "h", 9090})}}),
      dict_of({{"data", "no base64"}, {"encoding", "base64"}}),
      dict_of(
          {{1, "int"}, {None{}, "None"}, {make_tuple({1, 2}), "tuple"}, {2.5, "float"}, {ByteString{"k"}, "bytes"}}),
  };
  for (const std::size_t count : {15U, 16U, 255U, 256U, 65536U}) {
    values.push_back(make_list(std::vector<Value>(count, Value(7))));
  }
  return values;
}

}  // namespace hearth::contract
