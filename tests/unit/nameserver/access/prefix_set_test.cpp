#include "nameserver/access/prefix_set.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hearth::test {
namespace {

using Words = std::vector<std::string>;

/// Every text of up to `letters_max` letters of "ab".
Words all_texts(std::size_t letters_max) {
  Words texts{""};
  for (std::size_t i = 0; i < texts.size() && texts[i].size() < letters_max; ++i) {
    texts.push_back(texts[i] + "a");
    texts.push_back(texts[i] + "b");
  }
  return texts;
}

}  // namespace

TEST_CASE("prefix set: nothing is in an empty one, everything behind an empty prefix") {
  PrefixSet set;
  CHECK(set.is_empty());
  CHECK_FALSE(set.covers(""));
  CHECK_FALSE(set.covers("a"));
  set.add("lab.");
  CHECK(set.covers("lab."));
  CHECK(set.covers("lab.a"));
  CHECK_FALSE(set.covers("lab"));
  CHECK_FALSE(set.covers("lac"));
  CHECK_FALSE(set.covers("Lab.a"));
  set.add("");
  CHECK(set.covers(""));
  CHECK(set.covers("\xff"));
  CHECK(set.covers("a"));
}

TEST_CASE("prefix set: it agrees with a look at each prefix, in whatever order they come") {
  const Words texts = all_texts(3);
  const Words names = all_texts(5);
  for (const std::string& first : texts) {
    for (const std::string& second : texts) {
      for (const std::string& third : texts) {
        const Words prefixes{first, second, third};
        PrefixSet set;
        for (const std::string& prefix : prefixes) set.add(prefix);
        const auto is_right = [&](const std::string& name) {
          return set.covers(name) ==
                 std::ranges::any_of(prefixes, [&](const std::string& prefix) { return name.starts_with(prefix); });
        };
        CHECK_MESSAGE(std::ranges::all_of(names, is_right), first, " ", second, " ", third);
      }
    }
  }
}

}  // namespace hearth::test
