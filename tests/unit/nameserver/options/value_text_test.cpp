#include "nameserver/options/value_text.h"

#include <doctest/doctest.h>

namespace hearth {

TEST_CASE("sizes have binary units, with or without iB") {
  for (const auto& [text, bytes] : std::vector<std::pair<const char*, std::uint64_t>>{{"0", 0},
                                                                                      {"4096", 4096},
                                                                                      {"64K", 65536},
                                                                                      {"64k", 65536},
                                                                                      {"16M", 16U << 20U},
                                                                                      {" 16MiB ", 16U << 20U},
                                                                                      {"16 M", 16U << 20U},
                                                                                      {"1GiB", 1U << 30U}}) {
    CHECK(size_in_bytes(text) == bytes);
  }
  for (const char* text :
       {"", "M", "iB", "-1", "1.5M", "16MB", "1 6M", "1T", "K16", "99999999999999999999", "18446744073709551615K"}) {
    CAPTURE(text);
    CHECK_FALSE(size_in_bytes(text).has_value());
  }
  for (const auto& [bytes, text] : std::vector<std::pair<std::uint64_t, const char*>>{{0, "0"},
                                                                                      {1000, "1000"},
                                                                                      {4096, "4K"},
                                                                                      {16U << 20U, "16M"},
                                                                                      {1U << 30U, "1G"},
                                                                                      {(1U << 20U) + 1, "1048577"}}) {
    CHECK(size_text(bytes) == text);
    CHECK(size_in_bytes(text) == bytes);
  }
}

TEST_CASE("seconds become milliseconds, and a short time is never none") {
  for (const auto& [text, ms] : std::vector<std::pair<const char*, std::uint64_t>>{
           {"0", 0}, {"0.0", 0}, {"3", 3000}, {"0.25", 250}, {"1e1", 10000}, {"0.0001", 1}}) {
    CHECK(milliseconds_of_seconds(text) == ms);
  }
  for (const char* text : {"", "-1", "nan", "inf", "1e300", "3s", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(milliseconds_of_seconds(text).has_value());
  }
  CHECK(seconds_text(20000) == "20");
  CHECK(seconds_text(1500) == "1.5");
  CHECK(seconds_text(1) == "0.001");
}

TEST_CASE("yes and no in Pyro's words") {
  for (const char* text : {"1", "yes", "On", "TRUE", " true "}) CHECK(truth(text) == true);
  for (const char* text : {"0", "no", "Off", "FALSE"}) CHECK(truth(text) == false);
  for (const char* text : {"", "2", "y", "maybe"}) CHECK_FALSE(truth(text).has_value());
}

TEST_CASE("whole numbers have no sign and no rest") {
  CHECK(whole_number("0660", 8) == 0660U);
  CHECK(whole_number(" 7 ") == 7U);
  for (const char* text : {"", "+7", "-7", "7x", "0x7", "7 8"}) CHECK_FALSE(whole_number(text).has_value());
}

TEST_CASE("lists have commas, blanks do not count, nothing is no element") {
  CHECK(comma_separated(" a, b ,,c d,") == std::vector<std::string>{"a", "b", "c d"});
  CHECK(comma_separated(" , ").empty());
}

TEST_CASE("what is shown is one short line") {
  CHECK(shown("a\nb\x1b[0m\x7f") == "a?b?[0m?");
  CHECK(shown(std::string(1000, 'x')).size() < 100);
}

}  // namespace hearth
