#include "nameserver/registry/regex_parser.h"

#include <utility>

#include "nameserver/registry/regex_escapes.h"
#include "nameserver/registry/regex_parser_impl.h"

namespace hearth::regex {
namespace {

/// nullopt: not UTF-8, or a lone surrogate.
std::optional<std::u32string> decode(std::string_view pattern) {
  std::u32string decoded;
  decoded.reserve(pattern.size());
  std::size_t pos = 0;
  while (pos < pattern.size()) {
    const char32_t c = decode_wtf8(pattern, pos);
    if (c == invalid_code_point || is_surrogate(c)) return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

constexpr bool is_layout(const Token& token) {
  return !token.escaped && ((token.c >= '\t' && token.c <= '\r') || token.c == ' ');
}

}  // namespace

Result<Tree> parse_regex(std::string_view pattern, const Limits& limits) {
  auto decoded = decode(pattern);
  if (!decoded) return fail(ErrorKind::malformed, "pattern is not valid UTF-8");
  return Parser(std::move(*decoded), limits.pattern_nesting_max).parse();
}

Result<Tree> Parser::parse() {
  Tree tree;
  tree.branches = parse_branches(false, 0);
  constexpr unsigned both = flag_ascii | flag_unicode;
  if ((flags_ & both) == both) {
    source_.fail(ErrorKind::malformed, "ASCII and UNICODE flags are incompatible");
  }
  if (!source_.next().is_end()) source_.fail("unbalanced parenthesis", source_.tell());
  groups_.check_conditions(source_);
  // CPython finds this one only when it compiles the tree, after every error of syntax.
  if (has_variable_lookbehind_) {
    source_.fail(ErrorKind::malformed, "look-behind requires fixed-width pattern");
  }
  if (source_.error()) return tl::unexpected<Error>(*source_.error());
  tree.flags = flags_;
  return tree;
}

std::vector<Sequence> Parser::parse_branches(bool verbose, std::uint32_t depth) {
  std::vector<Sequence> branches;
  if (depth > nesting_max_) source_.fail(ErrorKind::limit, "parentheses are too deeply nested");
  do {
    const bool is_first = depth == 0 && branches.empty();
    if (depth == 0) verbose = (flags_ & flag_verbose) != 0;
    branches.push_back(parse_sequence({verbose, depth, is_first}));
  } while (source_.match('|'));
  return branches;
}

Sequence Parser::parse_sequence(Context context) {
  Sequence sequence;
  while (true) {
    const Token token = source_.next();
    if (token.is_end() || token.is('|') || token.is(')')) return sequence;
    source_.get();
    if (context.verbose && skip_layout(token)) continue;
    if (token.escaped) {
      sequence.push_back(parse_escape(source_, token, groups_));
      continue;
    }
    switch (token.c) {
      case '[': sequence.push_back(parse_set(source_)); break;
      case '(': parse_parenthesis(context, sequence); break;
      case '*':
      case '+':
      case '?':
      case '{': parse_repeat(token, sequence); break;
      case '.': sequence.push_back({AnyCharacter{}}); break;
      case '^': sequence.push_back({Anchor{AnchorKind::line_start}}); break;
      case '$': sequence.push_back({Anchor{AnchorKind::line_end}}); break;
      default: sequence.push_back({Literal{token.c}});
    }
  }
}

/// White space and comments of a verbose pattern.
bool Parser::skip_layout(const Token& token) {
  if (is_layout(token)) return true;
  if (!token.is('#')) return false;
  Token skipped = token;
  // A comment ends at a newline token: one behind a backslash is not (_parser.py compares whole tokens).
  while (!skipped.is_end() && !skipped.is('\n')) skipped = source_.get();
  return true;
}

void Parser::parse_repeat(const Token& token, Sequence& sequence) {
  const std::size_t start = source_.tell() - 1;
  Bounds bounds;
  if (token.c == '{') {
    const auto parsed = parse_bounds();
    if (!parsed) {
      source_.seek(start + 1);
      sequence.push_back({Literal{'{'}});
      return;
    }
    bounds = *parsed;
  } else {
    bounds = {token.c == '+' ? 1U : 0U, token.c == '?' ? 1U : repeat_unbounded};
  }
  if (sequence.empty() || std::holds_alternative<Anchor>(sequence.back().form)) {
    return source_.fail("nothing to repeat", start);
  }
  if (std::holds_alternative<Repeat>(sequence.back().form)) return source_.fail("multiple repeat", start);
  Greed greed = Greed::greedy;
  if (source_.match('?')) {
    greed = Greed::lazy;
  } else if (source_.match('+')) {
    greed = Greed::possessive;
  }
  Repeat repeat{bounds.min, bounds.max, greed, {}};
  repeat.item.push_back(std::move(sequence.back()));
  sequence.back() = Node{std::move(repeat)};
}

/// `{m}`, `{m,}`, `{,n}`, `{m,n}` and `{,}`; nullopt: the brace is an ordinary character.
std::optional<Parser::Bounds> Parser::parse_bounds() {
  const std::size_t start = source_.tell();
  if (source_.next().is('}')) return std::nullopt;
  const std::string low = source_.get_while(std::string::npos, is_digit);
  const std::string high = source_.match(',') ? source_.get_while(std::string::npos, is_digit) : low;
  if (!source_.match('}')) return std::nullopt;
  Bounds bounds{0, repeat_unbounded};
  if (!low.empty()) bounds.min = repetition_number(low);
  if (!high.empty()) bounds.max = repetition_number(high);
  if (bounds.max < bounds.min) source_.fail("min repeat greater than max repeat", start);
  return bounds;
}

std::uint64_t Parser::repetition_number(const std::string& digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    if (number < repeat_unbounded) continue;
    source_.fail(ErrorKind::malformed, "the repetition number is too large");
    return 0;
  }
  return number;
}

}  // namespace hearth::regex
