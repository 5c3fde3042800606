// Pattern against re.match: every expectation below was produced by Python 3.11's re.
#include "nameserver/registry/pattern.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hearth {
namespace {

struct Row {
  std::string pattern;
  std::string name;
  bool matches;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.name);
    auto pattern = Pattern::compile(row.pattern, Limits{});
    REQUIRE(pattern);
    const auto matches = pattern->matches(row.name);
    REQUIRE(matches);
    CHECK(*matches == row.matches);
    if (row.matches) CHECK(row.name.starts_with(pattern->literal_prefix()));
  }
}

TEST_CASE("pattern matches as re.match does: starts at the beginning, ends anywhere") {
  check({
      {R"(example\.)", "example.bank", true},
      {R"(example\.)", "an example.bank", false},
      {R"(example\.)", "exampleXbank", false},
      {"", "", true},
      {"", "x", true},
      {"b", "ab", false},
      {"b", "b", true},
      {"a|b", "bx", true},
      {"a|b", "c", false},
      {"a*", "b", true},
      {R"(\.x)", ".x", true},
  });
}

TEST_CASE("pattern matches as re.match does: ends of text and of lines") {
  check({
      {"a$", "a", true},
      {"a$", "a\n", true},
      {"a$", "a\n\n", false},
      {"a$", "ab", false},
      {R"(a\Z)", "a", true},
      {R"(a\Z)", "a\n", false},
      {"a$.", "a\n", false},
      {R"((?s)a$.\Z)", "a\n", true},
      {"(?m)a$", "a\nb", true},
      {"(?m)a$", "ab", false},
      {R"((?m)a\n^b)", "a\nb", true},
      {R"(a\n^b)", "a\nb", false},
      {R"((?m)a\n^)", "a\n", true},
      {R"((?m)^$\Z)", "", true},
      {R"((?m:a$)\n(?-m:b$))", "a\nb", true},
      {R"((?m:a$)\n(?-m:b$))", "a\nb\n", true},
      {".", "\n", false},
      {".", "\015", true},
      {".", "\u2028", true},
      {"(?s).", "\n", true},
      {"(?s-i:.)b", "\nb", true},
      {"(?s-i:.)b", "\nB", false},
      {R"(\Ba)", "a", false},
      {R"(\B)", "", false},
      {R"(\B)", ".", true},
  });
}

TEST_CASE("pattern matches as re.match does: character classes follow Unicode") {
  check({
      {R"(\w\Z)", "é", true},        {R"(\w\Z)", "_", true},         {R"(\w\Z)", "٣", true},
      {R"(\w\Z)", "²", true},        {R"(\w\Z)", "京", true},        {R"(\w\Z)", "\u0301", false},
      {R"(\w\Z)", "-", false},       {R"(\d\Z)", "5", true},         {R"(\d\Z)", "٣", true},
      {R"(\d\Z)", "²", false},       {R"(\s\Z)", " ", true},         {R"(\s\Z)", "\u00a0", true},
      {R"(\s\Z)", "\u2003", true},   {R"(\s\Z)", "\034", true},      {R"(\s\Z)", "\u180e", false},
      {R"(\s\Z)", "x", false},       {R"(\S\Z)", "\034", false},     {R"(\S\Z)", "\u180e", true},
      {R"([^\s]\Z)", "\037", false}, {R"([^\s]\Z)", "a", true},      {R"([\S\n]\Z)", "\n", true},
      {R"([\S\n]\Z)", " ", false},   {R"([\S\n]\Z)", "a", true},     {R"(é\b)", "é", true},
      {R"(é\b)", "éa", false},       {R"((?a)\w)", "é", false},      {R"((?a)\w)", "a", true},
      {R"((?a)\W)", "é", true},      {R"((?a)\W)", "k", false},      {R"((?a)\d)", "٣", false},
      {R"((?a)\d)", "3", true},      {R"((?a)\s)", "\u00a0", false}, {R"((?a)\s)", " ", true},
      {R"((?a)\s)", "\034", false},  {R"((?a)[\W])", "é", true},     {R"((?a)a\b)", "aé", true},
      {R"((?a)a\b)", "ab", false},   {R"(a\b)", "aé", false},        {R"((?a)a\B)", "aé", false},
      {R"((?a)a\B)", "ab", true},    {R"((?a:\w)\w)", "aé", true},   {R"((?a:\w)\w)", "éa", false},
  });
}

TEST_CASE("pattern matches as re.match does: case") {
  check({
      {"(?i)example", "EXAMPLE", true},
      {"(?i)example", "eXample1", true},
      {"(?i)É", "é", true},
      {"(?i)k", "\u212a", true},
      {"(?ai)k", "\u212a", false},
      {"(?ai)k", "K", true},
      {"(?i:a)b", "Ab", true},
      {"(?i:a)b", "AB", false},
      {"(?i)a(?-i:b)", "Ab", true},
      {"(?i)a(?-i:b)", "AB", false},
      {"(?ai)[a-c]z", "BZ", true},
      {"(?ai)[^a-c]", "B", false},
      {"(?ai)[^a-c]", "D", true},
      {R"((?i)(a)\1)", "aA", true},
      {"(?ai)é", "É", false},
      {"(?ai)é", "é", true},
      {"(?i)(?a:é)É", "éé", true},
      {"(?i)(?a:é)É", "Éé", false},
      {"(?i)[^x]", "X", false},
  });
}

TEST_CASE("pattern matches as re.match does: sets") {
  check({
      {"[[:alpha:]]", ":]", true},
      {"[[:alpha:]]", "b]", false},
      {"[[:alpha:]]", "a]", true},
      {"[[:alpha:]]", "[]", true},
      {"[]a]+$", "]a", true},
      {"[]a]+$", "b", false},
      {"[^]a]", "]", false},
      {"[^]a]", "b", true},
      {"[a-]", "-", true},
      {"[a-]", "a", true},
      {"[a-]", "b", false},
      {R"([\w-]+$)", "a-b", true},
      {R"([\w-]+$)", "a.b", false},
      {R"([\b])", "\010", true},
      {R"([\b])", "b", false},
      {R"([\]\\])", R"(\)", true},
      {R"([\]\\])", "]", true},
      {"[^a-c]", "b", false},
      {"[^a-c]", "d", true},
      {"[a^]", "^", true},
      {R"([\x41-\u0043])", "B", true},
      {R"([\x41-\u0043])", "D", false},
      {"[.]x", ".x", true},
      {"[.]x", "ax", false},
      {"[ -~]", "~", true},
      {"[ -~]", "é", false},
      {"[é-ü]", "ö", true},
      {"[é-ü]", "z", false},
      {"[$(*+?{|]", "$", true},
      {"[$(*+?{|]", "(", true},
      {"[$(*+?{|]", "a", false},
      {R"([\101\7])", "A", true},
      {R"([\101\7])", "\007", true},
  });
}

TEST_CASE("pattern matches as re.match does: escapes") {
  check({
      {R"(\x41\u00e9\U0001F525)", "Aé🔥", true},
      {R"(\x41\u00e9\U0001F525)", "Aé", false},
      {R"(\0a)", std::string("\0a", 2), true},
      {R"(\0a)", "0a", false},
      {R"(\012)", "\n", true},
      {R"(\101)", "A", true},
      {R"(\-\"\é\#)", R"(-"é#)", true},
      {"a\\\nb", "a\nb", true},
      {R"(\t\a\f\v\r)", "\t\007\014\013\015", true},
      {R"((a)\100)", "a@", true},
  });
}

TEST_CASE("pattern matches as re.match does: quantifiers") {
  check({
      {"ab{2}$", "abb", true},     {"ab{2}$", "ab", false},      {"ab{,2}$", "a", true},
      {"ab{,2}$", "abb", true},    {"ab{,2}$", "abbb", false},   {"ab{1,}$", "a", false},
      {"ab{1,}$", "abb", true},    {"ab{,}$", "a", true},        {"ab{,}$", "abbb", true},
      {"ab{,}$", "ab{,}", false},  {"x{", "x{", true},           {"x{", "x", false},
      {"x{}", "x{}", true},        {"x{a}", "x{a}", true},       {"x{a}", "xa", false},
      {"x{1", "x{1", true},        {"x{1, 2}", "x{1, 2}", true}, {"x{1, 2}", "xx", false},
      {"a+?b", "aab", true},       {"a++a", "aaa", false},       {"a*+b", "aab", true},
      {"(?>a|ab)c", "abc", false}, {"(?>a|ab)c", "ac", true},    {"(?:ab?)+c", "abac", true},
      {"(?=a)*b", "b", true},      {"(?:a{2})*$", "aaaa", true}, {"(?:a{2})*$", "aaa", false},
      {"(?:)*a", "a", true},       {"a{0}b", "b", true},         {"a{0}b", "ab", false},
  });
}

TEST_CASE("pattern matches as re.match does: groups and references") {
  check({
      {R"((?P<year>\d{4})-(?P=year))", "2024-2024", true},
      {R"((?P<year>\d{4})-(?P=year))", "2024-2025", false},
      {"(a)?(?(1)b|c)$", "ab", true},
      {"(a)?(?(1)b|c)$", "c", true},
      {"(a)?(?(1)b|c)$", "ac", false},
      {"(a)?(?(1)b|c)$", "b", false},
      {"(?P<q>x)?y(?(q)z)$", "xyz", true},
      {"(?P<q>x)?y(?(q)z)$", "y", true},
      {"(?P<q>x)?y(?(q)z)$", "xy", false},
      {"(?(2)a|b)(x)(y)", "bxy", true},
      {"(?(2)a|b)(x)(y)", "axy", false},
      {R"((a)|b\1)", "b", false},
      {R"((a)|b\1)", "ba", false},
      {"(?P<R>a)?(?(R)b|c)", "ab", true},
      {"(?P<R>a)?(?(R)b|c)", "c", true},
      {"(?:a|b)(?#note)c", "bc", true},
      {"(?P<größe>a)", "a", true},
      {"(?x) a b # c\n c", "abc", true},
      {"(?x) a b # c\n c", "ab", false},
      {R"((?x)a\ b[ ]c)", "a b c", true},
      {R"((?x)a\ b[ ]c)", "abc", false},
      {"(?x: a )b ", "ab ", true},
      {"(?x: a )b ", "ab", false},
      {"(?x)a (?-x: )b", "a b", true},
      {"(?x)a (?-x: )b", "ab", false},
  });
}

TEST_CASE("pattern matches as re.match does: looking around") {
  check({
      {"a(?=b)", "ab", true},
      {"a(?=b)", "ac", false},
      {"a(?!b)", "ab", false},
      {"a(?!b)", "ac", true},
      {"ab(?<=ab)c", "abc", true},
      {"a.(?<!b)c", "abc", false},
      {"a.(?<!b)c", "axc", true},
      {R"((a)b(?<=\1b))", "ab", true},
      {".{2}(?<=é.)", "éx", true},
      {".{2}(?<=é.)", "xé", false},
      {"(?<!.)a", "a", true},
      {R"(\bfoo\b)", "foo.", true},
      {R"(\bfoo\b)", "food", false},
  });
}

}  // namespace
}  // namespace hearth
