#include "nameserver/options/config_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "nameserver/options/value_text.h"

namespace hearth {
namespace {

/// All settings with a page of comments each are less; without a bound `--config /dev/zero` would eat the memory.
constexpr std::size_t file_bytes_max = 1U << 20U;

/// What stands behind a backslash, and what it means.
constexpr std::array<std::pair<char, char>, 5> escapes{
    {{'"', '"'}, {'\\', '\\'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// A '#' that is not in quotes begins a comment at the start of a line and behind a blank.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && (i == 0 || is_blank(text[i - 1]))) return text.substr(0, i);
  }
  return text;
}

/// `text` begins with a quote. Errors are what is wrong with it.
Result<std::string> unquoted(std::string_view text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      if (!trimmed(without_comment(text.substr(i + 1))).empty()) {
        return fail(ErrorKind::malformed, "only a comment can follow the closing quote");
      }
      return value;
    }
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    const char escaped = ++i < text.size() ? text[i] : '\0';
    const auto* known = std::ranges::find(escapes, escaped, &std::pair<char, char>::first);
    if (known == escapes.end())
      return fail(ErrorKind::malformed, "in quotes only \\\", \\\\, \\n, \\r and \\t are known");
    value += known->second;
  }
  return fail(ErrorKind::malformed, "the closing quote is missing");
}

bool is_key(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

/// `text` has neither blanks at its ends nor is it empty or a comment.
Result<void> parse_line(std::string_view text, ConfigLine& line) {
  if (text.front() == '[') {
    const std::string_view header = trimmed(without_comment(text));
    const std::string_view name = trimmed(header.substr(1, header.size() - 2));
    if (header.back() != ']' || !is_key(name)) return fail(ErrorKind::malformed, "a section is written as [name]");
    line.section = name;
    return {};
  }
  const std::size_t equals = text.find('=');
  const std::string_view key = trimmed(text.substr(0, equals));
  if (equals == std::string_view::npos || !is_key(key)) {
    return fail(ErrorKind::malformed, "expected `key = value`, `[section]` or a comment that starts with '#'");
  }
  line.key = key;
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (!value.starts_with('"')) {
    line.value = trimmed(without_comment(value));
    return {};
  }
  auto content = unquoted(value);
  if (!content) return forward_error(content);
  line.value = std::move(*content);
  return {};
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

tl::unexpected<Error> cannot_read(const std::string& path, int error) {
  return fail(ErrorKind::system,
              fmt::format("cannot read the configuration file {}: {}; let the user that hearthd runs as "
                          "read it, or name another one with --config FILE",
                          shown(path), std::strerror(error)));
}

}  // namespace

Result<std::vector<ConfigLine>> parse_config(std::string_view text, const std::string& path) {
  std::vector<ConfigLine> lines;
  ConfigLine line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line.number;
    if (content.empty() || content.front() == '#') continue;
    line.key.clear();
    if (auto parsed = parse_line(content, line); !parsed) {
      return fail(ErrorKind::malformed, fmt::format("{}:{}: {}", path, line.number, parsed.error().text));
    }
    if (!line.key.empty()) lines.push_back(line);
  }
  return lines;
}

Result<std::optional<ConfigFile>> read_config_file(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return std::nullopt;
    return cannot_read(path, error);
  }
  std::string text(file_bytes_max + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
  if (text.size() > file_bytes_max) {
    return fail(ErrorKind::limit, fmt::format("the configuration file {} is larger than {}: is it the right file?",
                                              shown(path), size_text(file_bytes_max)));
  }
  auto lines = parse_config(text, path);
  if (!lines) return forward_error(lines);
  struct stat status {};
  const bool others_may_read = fstat(fileno(file.get()), &status) == 0 && (status.st_mode & S_IROTH) != 0;
  return ConfigFile{path, std::move(*lines), others_may_read};
}

std::string config_value(std::string_view value) {
  const bool is_plain = std::ranges::none_of(value, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
  if (is_plain && trimmed(value) == value && !value.starts_with('"') && without_comment(value) == value) {
    return std::string(value);
  }
  std::string quoted = "\"";
  for (const char c : value) {
    const auto* escape = std::ranges::find(escapes, c, &std::pair<char, char>::second);
    if (escape != escapes.end())
      quoted += {'\\', escape->first};
    else
      quoted += c;
  }
  return quoted + '"';
}

}  // namespace hearth
