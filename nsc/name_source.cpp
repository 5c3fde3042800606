#include "nsc/name_source.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <string_view>
#include <utility>

#include "nameserver/store/database_reader.h"
#include "nsc/dbm_reader.h"
#include "nsc/registration_lines.h"

namespace hearth::nsc {
namespace {

constexpr std::string_view sql_prefix = "sql:";
constexpr std::string_view dbm_prefix = "dbm:";

/// The name server's own entry belongs to the server that registered it.
void take(NameSource& source, NameEntry entry) {
  const std::string own_note = "left out Pyro.NameServer, which each name server registers for itself";
  if (entry.name != name_server_object_id) {
    source.entries.push_back(std::move(entry));
  } else if (source.notes.empty() || source.notes.back() != own_note) {
    source.notes.push_back(own_note);
  }
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == std::string_view::npos; }

void take_line(NameSource& source, std::string_view line, std::size_t number) {
  if (is_blank(line)) return;
  auto entry = parse_registration_line(line);
  if (!entry) {
    source.bad_lines.push_back({number, std::move(entry.error().text)});
    return;
  }
  take(source, std::move(*entry));
  source.lines.resize(source.entries.size(), number);
}

Result<void> take_lines(NameSource& source, std::FILE* file) {
  char* buffer = nullptr;
  std::size_t room = 0;
  for (std::size_t number = 1;; ++number) {
    errno = 0;
    const ssize_t length = ::getline(&buffer, &room, file);
    if (length < 0) break;
    take_line(source, {buffer, static_cast<std::size_t>(length)}, number);
  }
  const int reason = errno;
  std::free(buffer);
  if (std::feof(file) != 0) return {};
  return fail(ErrorKind::system, source.shown + " cannot be read: " + std::strerror(reason));
}

void take_lines(NameSource& source, std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    take_line(source, text.substr(0, end + 1), number);
    text.remove_prefix(end + 1);
  }
}

/// Makes bad lines of those whose name an earlier line has.
void find_repetitions(NameSource& source) {
  std::vector<std::size_t> by_name(source.entries.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](std::size_t a, std::size_t b) { return source.entries[a].name < source.entries[b].name; });
  std::vector<bool> is_repetition(source.entries.size());
  std::size_t first = 0;
  for (std::size_t i = 1; i < by_name.size(); ++i) {
    const std::size_t entry = by_name[i];
    if (source.entries[entry].name != source.entries[by_name[first]].name) {
      first = i;
      continue;
    }
    is_repetition[entry] = true;
    source.bad_lines.push_back(
        {source.lines[entry], "its name stands in line " + std::to_string(source.lines[by_name[first]]) + " too"});
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < source.entries.size(); ++i) {
    if (is_repetition[i]) continue;
    if (kept != i) source.entries[kept] = std::move(source.entries[i]);
    source.lines[kept++] = source.lines[i];
  }
  source.entries.resize(kept);
  source.lines.resize(kept);
  std::sort(source.bad_lines.begin(), source.bad_lines.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
}

NameSource named(std::string shown) {
  NameSource source;
  source.shown = std::move(shown);
  return source;
}

Result<NameSource> from_lines(std::FILE* file, std::string shown) {
  NameSource source = named(std::move(shown));
  if (auto taken = take_lines(source, file); !taken) return forward_error(taken);
  find_repetitions(source);
  return source;
}

Result<NameSource> from_file(const std::string& path) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return fail(ErrorKind::system, path + " cannot be read: " + std::strerror(errno));
  return from_lines(file.get(), path);
}

Result<NameSource> from_database(const std::string& path) {
  NameSource source = named(path);
  const auto left_out = read_database(path, [&source](const RegistrationView& entry) {
    take(source, {std::string(entry.name), std::string(entry.uri),
                  std::vector<std::string>(entry.tags.begin(), entry.tags.end())});
  });
  if (!left_out) return tl::unexpected<Error>(left_out.error());
  if (left_out->names + left_out->tags > 0) {
    source.notes.push_back("left out " + std::to_string(left_out->names) + " names and " +
                           std::to_string(left_out->tags) + " tags that are not UTF-8 text or belong to no name");
  }
  return source;
}

Result<NameSource> from_dbm(const std::string& path) {
  const auto lines = read_dbm(path);
  if (!lines) return tl::unexpected<Error>(lines.error());
  NameSource source = named(path);
  take_lines(source, *lines);
  find_repetitions(source);
  return source;
}

}  // namespace

std::string NameSource::place_of(std::size_t entry) const {
  return lines.empty() ? shown : shown + ":" + std::to_string(lines[entry]);
}

Result<NameSource> read_source(const std::string& where, std::FILE* standard_input) {
  if (where == "-") return from_lines(standard_input, "standard input");
  if (where.starts_with(sql_prefix)) return from_database(where.substr(sql_prefix.size()));
  if (where.starts_with(dbm_prefix)) return from_dbm(where.substr(dbm_prefix.size()));
  return looks_like_database(where) ? from_database(where) : from_file(where);
}

}  // namespace hearth::nsc
