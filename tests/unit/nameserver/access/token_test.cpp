#include "nameserver/access/token.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace hearth::test {

TEST_CASE("token: its hash knows it again, and nothing else") {
  const std::string token = make_token();
  CHECK(token.size() == 64);
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  const TokenHash hash = hash_token(token);
  CHECK(matches(hash, token));
  CHECK_FALSE(matches(hash, make_token()));
  CHECK_FALSE(matches(hash, token.substr(1)));
  CHECK_FALSE(matches(hash, ""));
}

TEST_CASE("token: neither tokens nor the hashes of one token are alike") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(make_token());
  for (int i = 0; i < 100; ++i) seen.insert(to_string(hash_token("the same")));
  CHECK(seen.size() == 200);
}

// The digest is that of sha256sum, given the sixteen bytes of salt and then "secret".
TEST_CASE("token: the hash as it is written") {
  const std::string text =
      "sha256:000102030405060708090a0b0c0d0e0f:"
      "67557c0d86179c45199f096d85b7aeb2b8b34bf423c403ba517f72bcc5913c4c";
  const auto hash = parse_token_hash(text);
  REQUIRE(hash);
  CHECK(matches(*hash, "secret"));
  CHECK(to_string(*hash) == text);
}

TEST_CASE("token: what is no hash") {
  const std::string right = to_string(hash_token("x"));
  REQUIRE(parse_token_hash(right));
  for (const std::string& wrong :
       {std::string(), right.substr(1), right.substr(0, right.size() - 1), right + "0", "md5" + right.substr(6),
        right.substr(0, right.size() - 1) + "G", "sha256:" + right.substr(40), std::string("sha256:")}) {
    CHECK_MESSAGE(!parse_token_hash(wrong), wrong);
  }
}

}  // namespace hearth::test
