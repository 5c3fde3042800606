#include "nameserver/registry/regex_flags.h"

#include <string>

namespace hearth::regex {
namespace {

/// 0: no flag.
Flags flag_of(const Token& token) {
  if (token.escaped) return 0;
  switch (token.c) {
    case 'a': return flag_ascii;
    case 'i': return flag_ignore_case;
    case 'L': return flag_locale;
    case 'm': return flag_multiline;
    case 's': return flag_dot_all;
    case 't': return flag_template;
    case 'u': return flag_unicode;
    case 'x': return flag_verbose;
    default: return 0;
  }
}

/// str.isalpha(), but taking everything beyond ASCII for a letter: it only picks one of two error texts.
bool is_letter(const Token& token) { return !token.escaped && (is_ascii_letter(token.c) || token.c >= 0x80); }

/// Python's answer to anything that is no flag letter and does not end the list.
void refuse(Source& source, const Token& token, const std::string& missing) {
  if (token.is_end()) {
    source.fail(missing, source.tell());
  } else {
    source.fail(is_letter(token) ? "unknown flag" : missing, source.tell() - token.length());
  }
}

/// From `token` on; gives back the token that ended the list.
Token parse_added(Source& source, Token token, Flags& added) {
  while (true) {
    const Flags flag = flag_of(token);
    if (flag == flag_locale) {
      source.fail("bad inline flags: cannot use 'L' flag with a str pattern", source.tell());
    }
    added |= flag;
    if ((flag & type_flags) != 0 && (added & type_flags) != flag) {
      source.fail("bad inline flags: flags 'a', 'u' and 'L' are incompatible", source.tell());
    }
    token = source.get();
    if (token.is(')') || token.is('-') || token.is(':')) return token;
    if (flag_of(token) != 0) continue;
    refuse(source, token, "missing -, : or )");
    return Token{};
  }
}

void parse_removed(Source& source, Flags& removed) {
  Token token = source.get();
  if (flag_of(token) == 0) return refuse(source, token, "missing flag");
  while (!token.is(':')) {
    const Flags flag = flag_of(token);
    if (flag == 0) return refuse(source, token, "missing :");
    if ((flag & type_flags) != 0) {
      source.fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", source.tell());
    }
    removed |= flag;
    token = source.get();
  }
}

}  // namespace

bool starts_flags(const Token& token) { return flag_of(token) != 0 || token.is('-'); }

InlineFlags parse_flags(Source& source, const Token& first) {
  InlineFlags flags;
  const Token end = first.is('-') ? first : parse_added(source, first, flags.added);
  if (end.is(')')) {
    flags.is_global = true;
    return flags;
  }
  if ((flags.added & flag_template) != 0) {
    source.fail("bad inline flags: cannot turn on global flag", source.tell() - 1);
  }
  if (end.is('-')) parse_removed(source, flags.removed);
  if ((flags.removed & flag_template) != 0) {
    source.fail("bad inline flags: cannot turn off global flag", source.tell() - 1);
  }
  if ((flags.added & flags.removed) != 0) {
    source.fail("bad inline flags: flag turned on and off", source.tell() - 1);
  }
  return flags;
}

}  // namespace hearth::regex
