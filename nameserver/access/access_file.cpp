#include "nameserver/access/access_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/base/limits.h"
#include "protocol/base/log_text.h"
#include "protocol/base/small_file.h"
#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

struct Word {
  std::string text;
  bool is_quoted = false;
};
using Words = std::vector<Word>;

tl::unexpected<Error> wrong(std::string text) { return fail(ErrorKind::malformed, std::move(text)); }

/// `text` begins behind a quote; what is left begins behind the closing one.
Result<void> take_quoted(std::string_view& text, std::string& into) {
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\') {
      text.remove_prefix(1);
      if (text.empty() || (text.front() != '"' && text.front() != '\\'))
        return wrong("in quotes only \\\" and \\\\ are known");
    }
    into += text.front();
    text.remove_prefix(1);
  }
  if (text.empty()) return wrong("the closing quote is missing");
  text.remove_prefix(1);
  return {};
}

/// Quotes may begin inside of a word: subject:"CN=a b".
Result<Words> split(std::string_view line) {
  Words words;
  while (true) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') return words;
    Word& word = words.emplace_back();
    while (!line.empty() && !is_blank(line.front())) {
      const char c = line.front();
      line.remove_prefix(1);
      if (c != '"') {
        word.text += c;
        continue;
      }
      word.is_quoted = true;
      if (auto taken = take_quoted(line, word.text); !taken) return forward_error(taken);
    }
  }
}

Result<std::vector<Right>> parse_rights(std::string_view text) {
  std::vector<Right> rights;
  while (true) {
    const std::size_t comma = text.find(',');
    const auto known = std::ranges::find(right_names, text.substr(0, comma));
    if (known == right_names.end()) {
      return wrong(
          fmt::format("there is no right {}: choose from read, register, remove and admin, with commas and no "
                      "blanks between",
                      text.substr(0, comma)));
    }
    rights.push_back(static_cast<Right>(known - right_names.begin()));
    if (comma == std::string_view::npos) return rights;
    text.remove_prefix(comma + 1);
  }
}

Result<std::string_view> parse_prefix(const Word& word) {
  if (word.is_quoted) return word.text;
  if (word.text == "*") return "";
  if (word.text.find('*') == std::string::npos) return word.text;
  return wrong(
      fmt::format("{}: names are told by how they begin, without a *; put it in quotes if they have one", word.text));
}

bool is_token_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '@';
  });
}

tl::unexpected<Error> bad_token_name(std::string_view name) {
  return wrong(fmt::format("{}: the name of a token is made of letters, digits and - _ . @", name));
}

class Parser {
 public:
  Result<void> take_line(std::string_view line) {
    ++line_;
    if (!is_valid_wtf8(line)) return wrong("this is not UTF-8 text");
    auto words = split(line);
    if (!words) return forward_error(words);
    if (words->empty()) return {};
    const std::string& statement = words->front().text;
    if (statement == "token") return take_token(*words);
    if (statement == "allow") return take_grant(*words);
    if (statement == "owner-only") return take_owner_only(*words);
    return wrong(fmt::format("{}: a line begins with allow, token or owner-only", statement));
  }

  /// What can only be told at the end.
  Result<void> finish() {
    for (const auto& [name, line] : tokens_wanted_) {
      if (std::ranges::find(rules_.tokens, name, &AccessRules::Token::name) != rules_.tokens.end()) continue;
      line_ = line;
      return wrong(fmt::format("no line says what token {0} is: `hearthd --new-token {0}` makes one", name));
    }
    return {};
  }

  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] AccessRules take_rules() { return std::move(rules_); }

 private:
  Result<void> take_token(const Words& words) {
    if (words.size() != 3) return wrong("a token is written as: token NAME sha256:SALT:DIGEST");
    const std::string& name = words[1].text;
    if (!is_token_name(name)) return bad_token_name(name);
    const auto hash = parse_token_hash(words[2].text);
    if (!hash) return wrong(fmt::format("that is no hash of a token: `hearthd --new-token {}` makes one", name));
    if (rules_.tokens.size() == access_tokens_max) {
      return wrong(fmt::format("there are more than {} tokens", access_tokens_max));
    }
    rules_.tokens.push_back({name, *hash});
    return {};
  }

  Result<void> take_grant(const Words& words) {
    if (words.size() < 3) return wrong("a rule is written as: allow IDENTITY RIGHTS PREFIX …");
    auto identity = parse_identity(words[1].text);
    if (!identity) return wrong(words[1].text + ": " + identity.error().text);
    const auto rights = parse_rights(words[2].text);
    if (!rights) return tl::unexpected<Error>(rights.error());
    const bool has_names = words.size() > 3;
    if (const auto* token = std::get_if<identity::Token>(&*identity)) tokens_wanted_.emplace(token->name, line_);
    AccessRules::Grants& grants = rules_.grants[std::move(*identity)];
    for (const Right right : *rights) {
      PrefixSet& names = grants.at(static_cast<std::size_t>(right));
      if (right == Right::admin) names.add("");
      if (right != Right::admin && !has_names) {
        return wrong(fmt::format("{} on which names? Write how they begin, or * for every name", to_string(right)));
      }
    }
    if (has_names && rights->size() == 1 && rights->front() == Right::admin) {
      return wrong("admin is not about names: nothing can follow it");
    }
    for (std::size_t i = 3; i < words.size(); ++i) {
      auto prefix = parse_prefix(words[i]);
      if (!prefix) return forward_error(prefix);
      for (const Right right : *rights) {
        if (right != Right::admin) grants.at(static_cast<std::size_t>(right)).add(*prefix);
      }
    }
    return {};
  }

  Result<void> take_owner_only(const Words& words) {
    const bool is_on = words.size() == 2 && words[1].text == "on";
    const bool is_off = words.size() == 2 && words[1].text == "off";
    if (!is_on && !is_off) return wrong("this is written as: owner-only on, or: owner-only off");
    if (has_owner_only_) return wrong("owner-only has been said before");
    has_owner_only_ = true;
    rules_.is_owner_only = is_on;
    return {};
  }

  AccessRules rules_;
  bool has_owner_only_ = false;
  std::map<std::string, int> tokens_wanted_;  ///< by rules; the line of the first
  int line_ = 0;
};

}  // namespace

Result<AccessRules> parse_access(std::string_view text, const std::string& path) {
  Parser parser;
  const auto located = [&](const Error& error) {
    return fail(ErrorKind::malformed, fmt::format("{}:{}: {}", path, parser.line(), one_line(error.text)));
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto taken = parser.take_line(text.substr(0, end)); !taken) return located(taken.error());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (auto finished = parser.finish(); !finished) return located(finished.error());
  return parser.take_rules();
}

Result<AccessRules> read_access_file(const std::string& path) {
  const auto file = read_small_file(path, access_file_bytes_max);
  if (!file) {
    return fail(ErrorKind::system, fmt::format("cannot read the access rules in {}: {}", path, file.error().text));
  }
  return parse_access(file->text, path);
}

Result<std::string> token_line(std::string_view name, std::string_view token) {
  if (!is_token_name(name)) return bad_token_name(one_line(name));
  return fmt::format("token {} {}", name, to_string(hash_token(token)));
}

}  // namespace hearth
