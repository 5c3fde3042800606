/// NameSource: registrations that come from a file: lines of JSON, or the storage of a name server that need not run.
///
/// Layer: nsc.        Thread rule: one thread.
/// Whoever imports them wants all or none, so that a single trouble makes the rest worth nothing.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <hearth/name_server.h>
#include <hearth/result.h>

namespace hearth::nsc {

class NameSource {
 public:
  /// `shown` is what to call it: "names.jsonl", "standard input".
  explicit NameSource(std::string shown) : shown_(std::move(shown)) {}
  NameSource(NameSource&&) = default;
  NameSource& operator=(NameSource&&) = delete;
  ~NameSource() = default;

  /// Entries come in the order of the source; that of a name server itself, which each registers for itself, is left out.
  /// `line` counts from 1; 0 if the source has no lines.
  void add(NameEntry entry, std::size_t line);
  void add_trouble(std::size_t line, const std::string& what);
  void add_note(std::string note) { notes_.push_back(std::move(note)); }
  /// Once, after the last entry. A name that stands there twice is a trouble.
  void make_index();

  [[nodiscard]] const NameListing& entries() const { return entries_; }
  /// Which entry has that name.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// "names.jsonl:3", or for a source without lines its name.
  [[nodiscard]] std::string place_of(std::size_t entry) const { return place_of_line(lines_[entry]); }

  /// The first of what cannot be imported, a sentence each that begins with the place.
  [[nodiscard]] const std::vector<std::string>& troubles() const { return troubles_; }
  [[nodiscard]] std::size_t trouble_count() const { return trouble_count_; }
  /// What was left out on purpose, a sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  [[nodiscard]] std::string place_of_line(std::size_t line) const;

  const std::string shown_;
  NameListing entries_;
  std::vector<std::size_t> lines_;                           ///< of the entries
  std::unordered_map<std::string_view, std::size_t> index_;  ///< views of the entries, which stay where they are
  std::vector<std::string> troubles_;
  std::size_t trouble_count_ = 0;
  std::vector<std::string> notes_;
  bool has_left_out_own_ = false;
};

/// `where` is "sql:FILE" or "dbm:FILE", as name servers take them with -s; "-", which is `standard_input`; or a file, with an
/// SQLite database or lines of JSON in it. Errors: one line with the file.
[[nodiscard]] Result<NameSource> read_source(const std::string& where, std::FILE* standard_input);

}  // namespace hearth::nsc
