// What translate_pattern() refuses. Python 3.11's re produced every text here but those of the last three
// test cases.
#include "nameserver/registry/pattern_translator.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hearth {
namespace {

struct Row {
  std::string pattern;
  std::string error;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    const auto translated = translate_pattern(row.pattern, Limits{});
    REQUIRE_FALSE(translated);
    CHECK(translated.error().kind == ErrorKind::malformed);
    CHECK(translated.error().text == row.error);
  }
}

TEST_CASE("pattern is refused in the words of Python: nothing to close or to end") {
  check({
      {"(", "missing ), unterminated subpattern at position 0"},
      {"a)", "unbalanced parenthesis at position 1"},
      {"(?", "unexpected end of pattern at position 2"},
      {"(?:a", "missing ), unterminated subpattern at position 0"},
      {"[a", "unterminated character set at position 0"},
      {"[]", "unterminated character set at position 0"},
      {"[^]", "unterminated character set at position 0"},
      {"(?P<n>a", "missing ), unterminated subpattern at position 0"},
      {R"(\)", "bad escape (end of pattern) at position 0"},
      {"(?#a", "missing ), unterminated comment at position 0"},
      {"(?=a", "missing ), unterminated subpattern at position 0"},
      {"(?<", "unexpected end of pattern at position 3"},
      {"(?P", "unexpected end of pattern at position 3"},
      {"a(?(", "missing group name at position 4"},
      {"(a)(?(1", "missing ), unterminated name at position 6"},
      {"(a)(?(1)b", "missing ), unterminated subpattern at position 3"},
      {R"(a\)", "bad escape (end of pattern) at position 1"},
      {"(?i", "missing -, : or ) at position 3"},
      {"(?i-", "missing flag at position 4"},
      {"(?i-s", "missing : at position 5"},
      {"(?i:", "missing ), unterminated subpattern at position 0"},
  });
}

TEST_CASE("pattern is refused in the words of Python: quantifiers") {
  check({
      {"*", "nothing to repeat at position 0"},
      {"a**", "multiple repeat at position 2"},
      {"a{2}{3}", "multiple repeat at position 4"},
      {"a*+*", "multiple repeat at position 3"},
      {"(?:*)", "nothing to repeat at position 3"},
      {"^*", "nothing to repeat at position 1"},
      {"$?", "nothing to repeat at position 1"},
      {R"(\b+)", "nothing to repeat at position 2"},
      {R"(\B{2})", "nothing to repeat at position 2"},
      {"|+", "nothing to repeat at position 1"},
      {"(+a)", "nothing to repeat at position 1"},
      {"(?i)*", "nothing to repeat at position 4"},
      {"a{2,1}", "min repeat greater than max repeat at position 2"},
      {"a{4294967295}", "the repetition number is too large"},
      {"a{1,99999999999}", "the repetition number is too large"},
  });
}

TEST_CASE("pattern is refused in the words of Python: escapes") {
  check({
      {R"(\h)", R"(bad escape \h at position 0)"},
      {R"(a\R)", R"(bad escape \R at position 1)"},
      {R"(\Q..\E)", R"(bad escape \Q at position 0)"},
      {R"(\K)", R"(bad escape \K at position 0)"},
      {R"(\G)", R"(bad escape \G at position 0)"},
      {R"(\X)", R"(bad escape \X at position 0)"},
      {R"(\p{L})", R"(bad escape \p at position 0)"},
      {R"(\o{7})", R"(bad escape \o at position 0)"},
      {R"(\g<1>)", R"(bad escape \g at position 0)"},
      {R"(\k<n>)", R"(bad escape \k at position 0)"},
      {R"(\c)", R"(bad escape \c at position 0)"},
      {R"(\z)", R"(bad escape \z at position 0)"},
      {R"([\A])", R"(bad escape \A at position 1)"},
      {R"([\Z])", R"(bad escape \Z at position 1)"},
      {R"([\h])", R"(bad escape \h at position 1)"},
      {R"(\xg)", R"(incomplete escape \x at position 0)"},
      {R"(\x4)", R"(incomplete escape \x4 at position 0)"},
      {R"([\x4])", R"(incomplete escape \x4 at position 1)"},
      {R"(\u12)", R"(incomplete escape \u12 at position 0)"},
      {R"(\U0011000)", R"(incomplete escape \U0011000 at position 0)"},
      {R"(\U00110000)", R"(bad escape \U00110000 at position 0)"},
      {R"(\477)", R"(octal escape value \477 outside of range 0-0o377 at position 0)"},
      {R"([\400])", R"(octal escape value \400 outside of range 0-0o377 at position 1)"},
      {R"([\8])", R"(bad escape \8 at position 1)"},
      {R"(\N)", "missing { at position 2"},
      {R"(\N{)", "missing character name at position 3"},
      {R"(\N{})", "missing character name at position 3"},
      {R"(\N{A)", "missing }, unterminated name at position 3"},
  });
}

TEST_CASE("pattern is refused in the words of Python: sets") {
  check({
      {"[z-a]", "bad character range z-a at position 1"},
      {R"([\w-a])", R"(bad character range \w-a at position 1)"},
      {R"([a-\d])", R"(bad character range a-\d at position 1)"},
      {R"([\x41-\x40])", R"(bad character range \x-\x at position 5)"},
      {"[b-a-c]", "bad character range b-a at position 1"},
  });
}

TEST_CASE("pattern is refused in the words of Python: references") {
  check({
      {R"(\1)", "invalid group reference 1 at position 1"},
      {R"((a)\2)", "invalid group reference 2 at position 4"},
      {R"(\8)", "invalid group reference 8 at position 1"},
      {R"((a\1))", "cannot refer to an open group at position 2"},
      {"(?P<n>a(?P=n))", "cannot refer to an open group at position 11"},
      {"(?P=n)", "unknown group name 'n' at position 4"},
      {"(?P=)", "missing group name at position 4"},
      {"(?P<>a)", "missing group name at position 4"},
      {"(?P<1>a)", "bad character in group name '1' at position 4"},
      {"(?P<a b>a)", "bad character in group name 'a b' at position 4"},
      {"(?P<a>b)(?P<a>c)", "redefinition of group name 'a' as group 2; was group 1 at position 12"},
      {"(?(1)a)", "invalid group reference 1 at position 3"},
      {"(?(0)a)", "bad group number at position 3"},
      {"(?(x)a)", "unknown group name 'x' at position 3"},
      {"(?(-1)a)", "bad character in group name '-1' at position 3"},
      {"(?()a)", "missing group name at position 3"},
      {"(?P<a", "missing >, unterminated name at position 4"},
      {"(?P<a'>x)", R"(bad character in group name "a'" at position 4)"},
      {"(?(99999999999)a)", "invalid group reference 99999999999 at position 3"},
      {R"((?<=(a)\1))", "cannot refer to group defined in the same lookbehind subpattern at position 9"},
      {"(a)(?(1)b|c|d)", "conditional backref with more than two branches at position 11"},
      {"(?<=(?(1)a|b)(a))", "cannot refer to an open group at position 9"},
  });
}

TEST_CASE("pattern is refused in the words of Python: extensions") {
  check({
      {"(?R)", "unknown extension ?R at position 1"},
      {"(?1)", "unknown extension ?1 at position 1"},
      {"(?|a)", "unknown extension ?| at position 1"},
      {"(?C)", "unknown extension ?C at position 1"},
      {"(*ACCEPT)", "nothing to repeat at position 1"},
      {"(?<n>a)", "unknown extension ?<n at position 1"},
      {"(?'n'a)", "unknown extension ?' at position 1"},
      {"(?P>n)", "unknown extension ?P> at position 1"},
      {"(?&n)", "unknown extension ?& at position 1"},
      {"(?+1)", "unknown extension ?+ at position 1"},
      {R"((?\d))", R"(unknown extension ?\d at position 1)"},
      {"(?é)", "unknown extension ?é at position 1"},
      {R"((?P\w))", R"(unknown extension ?P\w at position 1)"},
      {"(?<a", "unknown extension ?<a at position 1"},
  });
}

TEST_CASE("pattern is refused in the words of Python: flags") {
  check({
      {"a(?i)", "global flags not at the start of the expression at position 1"},
      {"(?:(?i)a)", "global flags not at the start of the expression at position 3"},
      {"a|(?i)b", "global flags not at the start of the expression at position 2"},
      {"(?L)", "bad inline flags: cannot use 'L' flag with a str pattern at position 3"},
      {"(?au)", "bad inline flags: flags 'a', 'u' and 'L' are incompatible at position 4"},
      {"(?a)(?u)", "ASCII and UNICODE flags are incompatible"},
      {"(?ix", "missing -, : or ) at position 4"},
      {"(?iz)", "unknown flag at position 3"},
      {"(?i-)", "missing flag at position 4"},
      {"(?i-a:b)", "bad inline flags: cannot turn off flags 'a', 'u' and 'L' at position 5"},
      {"(?i-i:a)", "bad inline flags: flag turned on and off at position 5"},
      {"(?-:a)", "missing flag at position 3"},
      {"(?t:a)", "bad inline flags: cannot turn on global flag at position 3"},
      {"(?-t:a)", "bad inline flags: cannot turn off global flag at position 4"},
      {"(?i1)", "missing -, : or ) at position 3"},
      {"(?-i)", "missing : at position 4"},
  });
}

TEST_CASE("pattern is refused in the words of Python: lookbehind") {
  check({
      {"(?<=a*)", "look-behind requires fixed-width pattern"},
      {"(?<!a|bc)", "look-behind requires fixed-width pattern"},
      {"(?<=a{1,2})", "look-behind requires fixed-width pattern"},
      {"(?<=(a|bc)d)", "look-behind requires fixed-width pattern"},
      {R"((a|bc)(?<=\1))", "look-behind requires fixed-width pattern"},
      {"(?<=a+)(", "missing ), unterminated subpattern at position 7"},
  });
}

TEST_CASE("pattern is refused in the words of Python: lines") {
  check({
      {"a\n*\n+*", "multiple repeat at position 5 (line 3, column 2)"},
      {"a\n\nb(", "missing ), unterminated subpattern at position 4 (line 3, column 2)"},
      {"(?x)a #\n )", "unbalanced parenthesis at position 9 (line 2, column 2)"},
  });
}

TEST_CASE("pattern is refused although Python takes it") {
  check({
      {R"(a\N{DIGIT ONE})", R"(\N{…} is not supported at position 1)"},
      {R"(é\ud800)", R"(lone surrogate \ud800 is not supported at position 1)"},
      {"a\xED\xA0\x80", "pattern is not valid UTF-8"},
      {"a\xFF", "pattern is not valid UTF-8"},
  });
}

TEST_CASE("pattern that Python takes but PCRE2 could not hold is a limit") {
  const auto too_often = translate_pattern("a{65536}", Limits{});
  REQUIRE_FALSE(too_often);
  CHECK(too_often.error().kind == ErrorKind::limit);
  CHECK(translate_pattern("a{65535,}", Limits{}));
}

TEST_CASE("pattern may nest as deep as the limit says") {
  Limits limits;
  limits.pattern_nesting_max = 3;
  CHECK(translate_pattern("(?:(?=(a)))", limits));
  for (const std::string pattern : {"(?:(?=((?>a))))", "(a)((((?(1)b))))", "(((("}) {
    CAPTURE(pattern);
    const auto translated = translate_pattern(pattern, limits);
    REQUIRE_FALSE(translated);
    CHECK(translated.error().kind == ErrorKind::limit);
    CHECK(translated.error().text == "parentheses are too deeply nested");
  }
}

}  // namespace
}  // namespace hearth
