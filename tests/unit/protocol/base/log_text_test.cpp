#include "protocol/base/log_text.h"

#include <doctest/doctest.h>

#include "protocol/base/limits.h"

namespace hearth {

TEST_CASE("log text: what people write stays as it is") {
  for (const char* text :
       {"", "c#17 192.0.2.7:50123 dropped: no handshake", "Grüße, 名前 🙂", R"(a \ backslash and "quotes")"}) {
    CHECK(one_line(text) == text);
  }
}

TEST_CASE("log text: nothing ends the line or moves the cursor") {
  CHECK(one_line("a\n<0>forged: b\r\tc") == R"(a\n<0>forged: b\r\tc)");
  CHECK(one_line(std::string("nul \0 esc \x1b[2J del \x7f", 20)) == R"(nul \x00 esc \x1b[2J del \x7f)");
  CHECK(one_line("c1 csi \xc2\x9b!") == R"(c1 csi \x9b!)");
  CHECK(one_line("line \xe2\x80\xa8 paragraph \xe2\x80\xa9") == R"(line \u2028 paragraph \u2029)");
  CHECK(one_line("reversed \xe2\x80\xae isolated \xe2\x81\xa6") == R"(reversed \u202e isolated \u2066)");
}

TEST_CASE("log text: what is no UTF-8 is shown byte by byte") {
  CHECK(one_line("\xff\xfe") == R"(\xff\xfe)");
  CHECK(one_line("cut \xe2\x80") == R"(cut \xe2\x80)");
  CHECK(one_line("surrogate \xed\xa0\x80") == R"(surrogate \ud800)");
}

TEST_CASE("log text: it is bounded, and says what is missing") {
  const std::string longest(log_text_bytes_max, 'x');
  CHECK(one_line(longest) == longest);
  CHECK(one_line(longest + "yz") == longest + "... (2 bytes more)");
  CHECK(one_line(std::string(10U << 20U, '\n')).size() < 2 * log_text_bytes_max);
}

}  // namespace hearth
