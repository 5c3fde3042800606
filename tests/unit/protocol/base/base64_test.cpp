#include "protocol/base/base64.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

using namespace std::string_view_literals;

TEST_CASE("base64 of the examples of RFC 4648, and of bytes that are no text") {
  const std::vector<std::pair<std::string_view, std::string_view>> examples = {{"", ""},
                                                                               {"f", "Zg=="},
                                                                               {"fo", "Zm8="},
                                                                               {"foo", "Zm9v"},
                                                                               {"foob", "Zm9vYg=="},
                                                                               {"fooba", "Zm9vYmE="},
                                                                               {"foobar", "Zm9vYmFy"},
                                                                               {"\xff\xfe\0"sv, "//4A"},
                                                                               {"\xfb\xef\xbe", "++++"}};
  for (const auto& example : examples) {
    CAPTURE(example.second);
    Bytes out = "before ";
    append_base64(out, ExactBytes(example.first).view());
    CHECK(out == "before " + std::string(example.second));
    CHECK(decode_base64(ExactBytes(example.second).view()) == std::string(example.first));
  }
}

TEST_CASE("what base64 never writes is not decoded") {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "Zm8=Zm8=", "Zm9v\n", "Zm 9v",
                                      "Zm9v====", "Zh==", "Zm9=", "Zm-_", "Zm9\xff"}) {
    CAPTURE(text);
    CHECK(decode_base64(ExactBytes(text).view()) == std::nullopt);
  }
}

}  // namespace
}  // namespace hearth
