#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "nameserver/store/database_reader.h"
#include "nsc/dbm_reader.h"
#include "nsc/name_source.h"
#include "nsc/print.h"
#include "nsc/registration_lines.h"
#include "protocol/base/limits.h"

namespace hearth::nsc {
namespace {

constexpr std::string_view sql_prefix = "sql:";
constexpr std::string_view dbm_prefix = "dbm:";

/// No server takes a longer registration: it would have to fit into a message.
constexpr std::size_t line_bytes_max = Limits().message_bytes_max;

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == std::string_view::npos; }

void take_line(NameSource& source, std::string_view line, std::size_t number) {
  if (is_blank(line)) return;
  auto entry = parse_registration_line(line);
  if (entry) {
    source.add(std::move(*entry), number);
  } else {
    source.add_trouble(number, entry.error().text);
  }
}

tl::unexpected<Error> unreadable(const std::string& shown, int reason) {
  return fail(ErrorKind::system, shown + " cannot be read: " + std::strerror(reason));
}

Result<NameSource> from_lines(std::FILE* file, const std::string& shown) {
  NameSource source(shown);
  std::string line;
  std::size_t number = 1;
  std::array<char, 65536> buffer{};
  while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), file)) {
    for (std::string_view rest(buffer.data(), length); !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      line += rest.substr(0, end);
      rest.remove_prefix(end);
      if (line.size() > line_bytes_max) {
        return fail(ErrorKind::limit, shown + ":" + std::to_string(number) + ": the line is longer than " +
                                          bytes_text(line_bytes_max) + ", which no registration is");
      }
      if (line.back() != '\n') continue;
      take_line(source, line, number++);
      line.clear();
    }
  }
  if (std::ferror(file) != 0) return unreadable(shown, errno);
  take_line(source, line, number);
  return source;
}

Result<NameSource> from_file(const std::string& path) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  return file ? from_lines(file.get(), path) : unreadable(path, errno);
}

Result<NameSource> from_database(const std::string& path) {
  NameSource source(path);
  auto left_out = read_database(path, [&source](const RegistrationView& entry) {
    source.add({std::string(entry.name), std::string(entry.uri), TagSet(entry.tags.begin(), entry.tags.end())}, 0);
  });
  if (!left_out) return forward_error(left_out);
  if (left_out->names + left_out->tags > 0) {
    source.add_note("left out " + std::to_string(left_out->names) + " names and " + std::to_string(left_out->tags) +
                    " tags that are no UTF-8 text, or tags of no name");
  }
  return source;
}

Result<NameSource> from_dbm(const std::string& path) {
  auto lines = read_dbm(path);
  if (!lines) return forward_error(lines);
  NameSource source(path);
  for (std::string_view rest = *lines; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    take_line(source, rest.substr(0, end), 0);
    rest.remove_prefix(end);
  }
  return source;
}

Result<NameSource> read(const std::string& where, std::FILE* standard_input) {
  if (where == "-") return from_lines(standard_input, "standard input");
  if (where.starts_with(sql_prefix)) return from_database(where.substr(sql_prefix.size()));
  if (where.starts_with(dbm_prefix)) return from_dbm(where.substr(dbm_prefix.size()));
  return looks_like_database(where) ? from_database(where) : from_file(where);
}

}  // namespace

Result<NameSource> read_source(const std::string& where, std::FILE* standard_input) {
  auto source = read(where, standard_input);
  if (source) source->make_index();
  return source;
}

}  // namespace hearth::nsc
