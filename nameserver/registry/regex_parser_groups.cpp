#include "nameserver/registry/regex_parser_impl.h"

#include <utility>

namespace hearth::regex {

void Parser::parse_parenthesis(Context& context, Sequence& sequence) {
  const std::size_t start = source_.tell() - 1;
  if (!source_.match('?')) return parse_capturing(context, sequence, nullptr, start);
  const Token token = source_.get();
  if (token.is_end()) return source_.fail("unexpected end of pattern", source_.tell());
  if (starts_flags(token)) return parse_flag_group(context, sequence, token, start);
  if (token.escaped) return unknown_extension("?", token);
  switch (token.c) {
    case 'P': return parse_python_extension(context, sequence, start);
    case '#': return skip_comment(start);
    case '=':
    case '!':
    case '<': return parse_look_around(context, sequence, token, start);
    case '(': return parse_conditional(context, sequence, start);
    case ':':
    case '>': {
      Group group{token.c == ':' ? GroupKind::plain : GroupKind::atomic, 0, 0, {}};
      parse_body(group, context, start);
      sequence.push_back({std::move(group)});
      return;
    }
    default: return unknown_extension("?", token);
  }
}

/// `(?P<name>…)` and `(?P=name)`
void Parser::parse_python_extension(const Context& context, Sequence& sequence, std::size_t start) {
  if (source_.match('<')) {
    const Name name = source_.get_until('>', "group name");
    check_group_name(source_, name);
    return parse_capturing(context, sequence, &name, start);
  }
  if (source_.match('=')) {
    const Name name = source_.get_until(')', "group name");
    const std::uint32_t group = groups_.number_of(source_, name);
    groups_.check_reference(source_, group, name.position);
    if (!source_.error()) sequence.push_back({GroupReference{group}});
    return;
  }
  const Token token = source_.get();
  if (token.is_end()) return source_.fail("unexpected end of pattern", source_.tell());
  unknown_extension("?P", token);
}

/// `(?i)` and `(?i-s:…)`
void Parser::parse_flag_group(Context& context, Sequence& sequence, const Token& first, std::size_t start) {
  const InlineFlags flags = parse_flags(source_, first);
  if (flags.is_global) {
    if (!context.is_first_branch || !sequence.empty()) {
      return source_.fail("global flags not at the start of the expression", start);
    }
    flags_ |= flags.added;
    context.verbose = (flags_ & flag_verbose) != 0;
    return;
  }
  Group group{GroupKind::plain, flags.added, flags.removed, {}};
  Context inside = context;
  if ((flags.added & flag_verbose) != 0) inside.verbose = true;
  if ((flags.removed & flag_verbose) != 0) inside.verbose = false;
  parse_body(group, inside, start);
  sequence.push_back({std::move(group)});
}

void Parser::parse_look_around(const Context& context, Sequence& sequence, const Token& first, std::size_t start) {
  const bool is_behind = first.c == '<';
  const Token token = is_behind ? source_.get() : first;
  if (token.is_end()) return source_.fail("unexpected end of pattern", source_.tell());
  if (!token.is('=') && !token.is('!')) return unknown_extension("?<", token);
  const bool is_negative = token.c == '!';
  Group group{is_negative ? GroupKind::not_ahead : GroupKind::ahead, 0, 0, {}};
  if (is_behind) group.kind = is_negative ? GroupKind::not_behind : GroupKind::behind;
  const bool is_outermost = is_behind && groups_.enter_lookbehind();
  parse_body(group, context, start);
  if (is_outermost) groups_.leave_lookbehind();
  if (is_behind) {
    const Width width = groups_.width_of(group.branches);
    has_variable_lookbehind_ |= width.min != width.max;
  }
  sequence.push_back({std::move(group)});
}

/// `(?(1)yes|no)`
void Parser::parse_conditional(const Context& context, Sequence& sequence, std::size_t start) {
  const Name name = source_.get_until(')', "group name");
  Conditional conditional;
  conditional.group = groups_.number_of_condition(source_, name);
  groups_.check_lookbehind(source_, conditional.group);
  const Context inside{context.verbose, context.depth + 1, false};
  if (inside.depth > nesting_max_) source_.fail(ErrorKind::limit, "parentheses are too deeply nested");
  conditional.yes = parse_sequence(inside);
  if (source_.match('|')) {
    conditional.no = parse_sequence(inside);
    if (source_.next().is('|')) {
      source_.fail("conditional backref with more than two branches", source_.tell());
    }
  }
  expect_close(start);
  sequence.push_back({std::move(conditional)});
}

void Parser::parse_capturing(const Context& context, Sequence& sequence, const Name* name, std::size_t start) {
  const std::uint32_t number = groups_.open(source_, name);
  Group group{GroupKind::capturing, 0, 0, {}};
  parse_body(group, context, start);
  groups_.close(number, group.branches);
  sequence.push_back({std::move(group)});
}

void Parser::skip_comment(std::size_t start) {
  while (!source_.match(')')) {
    if (source_.next().is_end()) return source_.fail("missing ), unterminated comment", start);
    source_.get();
  }
}

void Parser::parse_body(Group& group, const Context& context, std::size_t start) {
  group.branches = parse_branches(context.verbose, context.depth + 1);
  expect_close(start);
}

void Parser::expect_close(std::size_t start) {
  if (!source_.match(')')) source_.fail("missing ), unterminated subpattern", start);
}

/// `text` is what stands between the parenthesis and `last`.
void Parser::unknown_extension(const std::string& text, const Token& last) {
  source_.fail("unknown extension " + text + last.text(), source_.tell() - last.length() - text.size());
}

}  // namespace hearth::regex
