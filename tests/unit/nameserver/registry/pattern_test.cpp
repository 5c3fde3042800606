#include "nameserver/registry/pattern.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace hearth {
namespace {

Pattern compile(std::string_view text, const Limits& limits = {}) {
  CAPTURE(text);
  auto pattern = Pattern::compile(text, limits);
  REQUIRE(pattern);
  return std::move(*pattern);
}

void check_out_of_steps(const Result<bool>& outcome) {
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::limit);
  CHECK(outcome.error().text == "regular expression needs too much backtracking");
}

TEST_CASE("pattern hands on the errors of the translator") {
  const auto pattern = Pattern::compile("*", Limits{});
  REQUIRE_FALSE(pattern);
  CHECK(pattern.error().kind == ErrorKind::malformed);
  CHECK(pattern.error().text == "nothing to repeat at position 0");
}

TEST_CASE("pattern longer than the limit is refused, whatever it says") {
  Limits limits;
  limits.pattern_bytes_max = 4;
  CHECK(compile("abcd", limits).matches("abcd").value());
  const auto pattern = Pattern::compile("(abcd", limits);
  REQUIRE_FALSE(pattern);
  CHECK(pattern.error().kind == ErrorKind::limit);
  CHECK(pattern.error().text == "pattern is longer than 4 bytes");
}

TEST_CASE("pattern as deep as we allow compiles in PCRE2") {
  struct Row {
    std::string open;
    std::string close;
  };
  for (const Row& row : {Row{"(?=", ")?"}, Row{"(?:", ")*"}, Row{"(?<!", ")"}, Row{"(?a:\\b", ")"}}) {
    CAPTURE(row.open);
    std::string text = "a";
    for (std::size_t i = 0; i < Limits{}.pattern_nesting_max; ++i) text = row.open + text + row.close;
    CHECK(Pattern::compile(text, Limits{}));
  }
}

TEST_CASE("pattern that unfolds into too much code is a limit") {
  const auto pattern = Pattern::compile("(?:(?:a{1000}b){1000}c){1000}", Limits{});
  REQUIRE_FALSE(pattern);
  CHECK(pattern.error().kind == ErrorKind::limit);
}

TEST_CASE("pattern that explodes runs out of steps") {
  const std::string letters(40, 'a');
  for (const std::string text :
       {"(a+)+$", "(a|a)*b", "((a*)*)*c", "(?:a?){30}a{40}b", R"((.*)(.*)(.*)(.*)(.*)\1\2\3\4\5x)"}) {
    CAPTURE(text);
    auto pattern = compile(text);
    // The unlike ends keep PCRE2 from seeing at once that a letter is missing.
    check_out_of_steps(pattern.matches(letters + "!bcx!"));
  }
}

TEST_CASE("pattern still has an answer for the next name after one that was too much") {
  auto pattern = compile("(a+)+$");
  check_out_of_steps(pattern.matches(std::string(40, 'a') + "!"));
  CHECK(pattern.matches("aaaa").value());
}

TEST_CASE("names of one search share their steps") {
  Limits limits;
  limits.pattern_list_steps_max = 10000;
  auto pattern = compile(R"(.*.*q\b!)", limits);
  const std::string name = std::string(30, 'a') + "q?!";
  std::size_t answered = 0;
  while (const auto matches = pattern.matches(name)) {
    REQUIRE_FALSE(*matches);
    REQUIRE(++answered < 10000);
  }
  CHECK(answered > 1);
  check_out_of_steps(pattern.matches("q"));

  auto easy = compile("a", limits);
  for (std::size_t i = 0; i < 10000; ++i) REQUIRE(easy.matches("abc"));
  check_out_of_steps(easy.matches("abc"));
}

TEST_CASE("long names, large sets and many groups use up steps faster") {
  const auto answered = [](const std::string& text, const std::string& name) {
    Limits limits;
    limits.pattern_list_steps_max = 1000;
    auto pattern = compile(text, limits);
    std::size_t count = 0;
    while (count < 1000 && pattern.matches(name)) ++count;
    return count;
  };
  std::string large_set = "[";
  for (int i = 0; i < 300; ++i) large_set += "éa";
  std::string many_groups;
  for (int i = 0; i < 500; ++i) many_groups += "()";
  CHECK(answered("a", "b") == 1000);
  CHECK(answered("a", std::string(10000, 'b')) < 100);
  CHECK(answered(large_set + "]a", "b") < 500);
  CHECK(answered(many_groups + "a", "b") < 500);
}

TEST_CASE("memory for backtracking is limited") {
  Limits limits;
  const std::string name = std::string(2000, 'a') + "c";
  CHECK(compile("(?:a|b)*c", limits).matches(name).value());
  limits.pattern_heap_bytes_max = 64U << 10U;
  auto pattern = compile("(?:a|b)*c", limits);
  check_out_of_steps(pattern.matches(name));
}

TEST_CASE("a name that is not UTF-8 matches nothing") {
  auto pattern = compile(".*");
  for (const std::string name : {"\xFF", "a\xED\xA0\x80", "\xC3"}) CHECK_FALSE(pattern.matches(name).value());
  CHECK(pattern.matches(std::string_view()).value());
}

TEST_CASE("a pattern can be moved") {
  auto first = compile("ab+");
  Pattern second = std::move(first);
  CHECK(second.matches("abb").value());
  CHECK(second.literal_prefix() == "ab");
}

TEST_CASE("literal prefix of a pattern") {
  struct Row {
    std::string pattern;
    std::string prefix;
  };
  const std::vector<Row> rows = {
      {"", ""},
      {"example", "example"},
      {R"(example\.(a|b))", "example."},
      {R"(^\Aexample\.bank$)", "example.bank"},
      {"example[.]bank", "example.bank"},
      {"example.bank", "example"},
      {R"(\bexa\Bmple\d)", "example"},
      {"größe🔥", "größe🔥"},
      // Quantifiers.
      {"abc*", "ab"},
      {"abc?d", "ab"},
      {"abc{0,3}", "ab"},
      {"abc+d", "abc"},
      {"abc{2}d", "abc"},
      {"abc{1}d", "abcd"},
      {"(?:ab)+c", "ab"},
      {"ab{,1}", "a"},
      // Alternatives.
      {"a|b", ""},
      {"abc|abd", "ab"},
      {"x(?:abc|abd)e", "xab"},
      {"abc|", ""},
      {"größe|grün", "gr"},
      {"é|è", ""},
      // Groups.
      {"(ab)(?P<n>c)(?:d)(?>e)f", "abcdef"},
      {"(a(b|c))d", "a"},
      {R"((a)\1b)", "a"},
      {"(a)(?(1)b|c)", "a"},
      {"(?=b)a", "a"},
      {"(?!abc)ab(?<=ab)c", "abc"},
      {"(?=ab)*c", ""},
      // Flags.
      {"(?i)abc", ""},
      {"(?i)12-.", "12-"},
      {"ab(?i:c)d", "ab"},
      {"(?i:12)a", "12a"},
      {"(?i)1(?-i:a)b", "1a"},
      {"(?i)é", ""},
      {"(?m)^a\n^b", "a\nb"},
      {"(?x) a b # c", "ab"},
      {"(?#ab)c", "c"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CHECK(compile(row.pattern).literal_prefix() == row.prefix);
  }
}

}  // namespace
}  // namespace hearth
