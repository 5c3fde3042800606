#include "nameserver/store/recover.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <unordered_set>

#include "nameserver/store/damaged_pages.h"
#include "nameserver/store/database_path.h"
#include "nameserver/store/file_copy.h"
#include "nameserver/store/file_lock.h"
#include "nameserver/store/owner_lock.h"
#include "nameserver/store/recovered_file.h"
#include "nameserver/store/sqlite_schema.h"
#include "nameserver/store/sqlite_transaction.h"
#include "nameserver/store/sqlite_verify.h"

namespace hearth {
namespace {

constexpr std::uint32_t no_wait_ms = 0;  // nobody else knows the copies

constexpr const char* no_registrations = "no registration could be found in it";

struct Source {
  SqliteDb db;
  Schema schema;
};

/// Both pragmas are there for damaged files: to go on although the file is shorter than it says, and not to believe a page
/// whose cells contradict each other.
Result<Source> open_source(const std::string& path) {
  auto db = SqliteDb::open(path, false, no_wait_ms);
  if (!db) return forward_error(db);
  if (auto set = db->execute("PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON"); !set)
    return forward_error(set);
  auto schema = recognise_schema(*db);
  if (!schema) return forward_error(schema);
  return Source{std::move(*db), *schema};
}

bool has_registrations(Schema schema) { return schema == Schema::current || schema == Schema::names_only; }

class Recovery {
 public:
  Recovery(SqliteDb& from, SqliteDb& to, RecoveryReport& report) : from_(from), to_(to), report_(report) {}

  Result<void> run(Schema schema) {
    if (auto made = bring_up_schema(to_, Schema::none); !made) return made;
    to_.disable_triggers();  // they note what others change
    return in_transaction(to_, [&]() -> Result<void> {
      if (auto names = copy_names(); !names) return names;
      if (auto lost = tell_lost_names(); !lost) return lost;
      if (schema == Schema::names_only) return {};
      if (auto tags = copy_tags(); !tags) return tags;
      return report_.is_layout_assumed ? Result<void>() : copy_owners();
    });
  }

 private:
  Result<void> copy_names() {
    auto insert = to_.prepare("INSERT INTO pyro_names(id, name, uri) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!insert) return forward_error(insert);
    Result<void> status;
    auto lost = salvage_rows(from_, "pyro_names", "name, uri", [&](SqliteStatement& row) {
      const auto name = row.utf8_text(1);
      const auto uri = row.utf8_text(2);
      if (!status) return;
      if (!name || !uri) {
        ++report_.names_skipped;
        return;
      }
      status = insert->bind(1, row.integer(0)).bind(2, *name).bind(3, *uri).run();
      if (status && to_.changes() == 0) ++report_.names_skipped;
      if (status && to_.changes() == 1) saved_.insert(row.integer(0));
    });
    if (!lost) return forward_error(lost);
    report_.lost_registrations = std::move(*lost);
    report_.registrations = saved_.size();
    return status;
  }

  Result<void> copy_tags() {
    auto insert = to_.prepare("INSERT INTO pyro_metadata(object, metadata) VALUES(?1, ?2)");
    if (!insert) return forward_error(insert);
    Result<void> status;
    auto lost = salvage_rows(from_, "pyro_metadata", "object, metadata", [&](SqliteStatement& row) {
      const auto tag = row.utf8_text(2);
      if (!status) return;
      if (!tag || saved_.count(row.integer(1)) == 0) {
        ++report_.tags_skipped;
        return;
      }
      status = insert->bind(1, row.integer(1)).bind(2, *tag).run();
      if (status) ++report_.tags;
    });
    if (!lost) return forward_error(lost);
    report_.lost_tags = std::move(*lost);
    return status;
  }

  /// But for those of names that another program has changed since they were noted (sqlite_owners.h); a file that cannot say
  /// which, as one without owners, gives none.
  Result<void> copy_owners() {
    auto noted = from_.prepare("SELECT name FROM hearth_changes");
    auto insert =
        to_.prepare("INSERT INTO hearth_owners(object, name, owner) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!insert) return forward_error(insert);
    std::unordered_set<std::string> changed;
    for (;;) {
      const auto row = noted ? noted->step() : Result<bool>(tl::unexpected(noted.error()));
      if (!row) return {};
      if (!*row) break;
      changed.emplace(noted->text(0).value_or(""));
    }
    Result<void> status;
    auto lost = salvage_rows(from_, "hearth_owners", "name, owner", [&](SqliteStatement& row) {
      const auto name = row.utf8_text(1);
      const auto owner = row.utf8_text(2);
      if (!status || !name || !owner || saved_.count(row.integer(0)) == 0 || changed.count(std::string(*name)) != 0)
        return;
      status = insert->bind(1, row.integer(0)).bind(2, *name).bind(3, *owner).run();
    });
    if (lost) report_.lost_owners = std::move(*lost);
    return status;
  }

  /// The index on the names holds them too, and leads to their rowids.
  Result<void> tell_lost_names() {
    if (report_.lost_registrations.empty()) return {};
    auto index = from_.first_text("SELECT name FROM pragma_index_list('pyro_names') WHERE origin IN ('u', 'pk')");
    if (!index || !index->has_value()) return {};
    std::unordered_set<std::int64_t> told;
    for (const char* direction : {"ASC", "DESC"}) {
      auto names = from_.prepare(
          fmt::format("SELECT rowid, name FROM pyro_names INDEXED BY \"{}\" ORDER BY name {}", **index, direction));
      if (!names) return {};
      for (auto row = names->step(); row && *row; row = names->step()) {
        if (report_.lost_names.size() == RecoveryReport::names_told_max) return {};
        const auto name = names->utf8_text(1);
        const std::int64_t id = names->integer(0);
        if (name && saved_.count(id) == 0 && told.insert(id).second) report_.lost_names.emplace_back(*name);
      }
    }
    return {};
  }

  SqliteDb& from_;
  SqliteDb& to_;
  RecoveryReport& report_;
  std::unordered_set<std::int64_t> saved_;
};

tl::unexpected<Error> cannot(const std::string& path, const Error& why) {
  return fail(ErrorKind::system, fmt::format("{} cannot be recovered: {}", path, why.text));
}

bool has_bytes(const std::string& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  return !problem && size > 0;
}

/// The copy as it is, or with a first page that leads to the tables. Beside an empty file SQLite would delete the log.
Result<Source> open_damaged(const std::string& copy, RecoveryReport& report) {
  auto source = has_bytes(copy) ? open_source(copy) : fail(ErrorKind::system, no_registrations);
  if (source && has_registrations(source->schema)) return source;
  if (source && source->schema != Schema::none) {
    return fail(ErrorKind::system, "it is the database of another program");
  }
  if (auto replaced = replace_first_page(copy); !replaced) return forward_error(replaced);
  report.is_layout_assumed = true;
  source = open_source(copy);
  if (source && !has_registrations(source->schema)) return fail(ErrorKind::system, no_registrations);
  return source;
}

Result<void> save_into(const std::string& result, const std::string& copy, RecoveryReport& report) {
  auto source = open_damaged(copy, report);
  if (!source) return forward_error(source);
  auto to = SqliteDb::open(result, true, no_wait_ms);
  if (!to) return forward_error(to);
  if (auto saved = Recovery(source->db, *to, report).run(source->schema); !saved) return saved;
  if (report.is_layout_assumed && report.registrations == 0) return fail(ErrorKind::system, no_registrations);
  return verify_database(*to);
}

/// SQLite does in the copy what it would do in the file: takes over the log, undoes an unfinished change.
Result<void> copy_for_reading(const std::string& from, const std::string& to) {
  if (auto copied = copy_readable(from, to); !copied) return copied;
  if (auto cut = cut_to_whole_pages(to); !cut) return cut;
  for (const char* suffix : log_suffixes) {
    if (access((from + suffix).c_str(), F_OK) != 0) continue;
    if (auto copied = copy_readable(from + suffix, to + suffix); !copied) return copied;
  }
  return {};
}

std::string ranges_text(const std::vector<RowidRange>& ranges) {
  std::string text;
  for (const RowidRange& range : ranges) {
    if (!text.empty()) text += ", ";
    if (range.first == range.last) {
      text += fmt::format("{}", range.first);
    } else if (range.last == std::numeric_limits<std::int64_t>::max()) {
      text += fmt::format("from {} on", range.first);
    } else if (range.first == std::numeric_limits<std::int64_t>::min()) {
      text += fmt::format("up to {}", range.last);
    } else {
      text += fmt::format("{} to {}", range.first, range.last);
    }
  }
  return text;
}

}  // namespace

Result<RecoveryReport> recover_database(const std::string& path) {
  auto checked = check_database_path(path, FileStart::any);
  if (!checked) return forward_error(checked);
  auto lock = FileLock::acquire(checked->canonical, path);
  if (!lock) return forward_error(lock);
  if (!checked->exists && !has_bytes(checked->canonical + "-wal")) {
    return fail(ErrorKind::system, fmt::format("{} does not exist or is empty: there is nothing to recover", path));
  }
  auto owner = OwnerLock::acquire(checked->canonical);
  if (!owner) return cannot(path, owner.error());
  if (auto whole = take_back_half_put(checked->canonical); !whole) return cannot(path, whole.error());

  RecoveryReport report;
  report.path = path;
  const ScratchDatabase copy(checked->canonical + ".recovering-source");
  const ScratchDatabase result(checked->canonical + ".recovering-result");
  if (auto copied = copy_for_reading(checked->canonical, copy.path()); !copied) return cannot(path, copied.error());
  if (auto saved = save_into(result.path(), copy.path(), report); !saved) return cannot(path, saved.error());
  auto kept_as = put_in_place(result.path(), checked->canonical);
  if (!kept_as) return cannot(path, kept_as.error());
  report.kept_as = std::move(*kept_as);
  return report;
}

std::string describe(const RecoveryReport& report) {
  std::string text = fmt::format("{}: saved {} registrations and {} tags; the old file is kept as {}\n", report.path,
                                 report.registrations, report.tags, report.kept_as);
  if (report.is_layout_assumed)
    text += "Its first page was of no use; the tables were found where they usually begin.\n";
  if (!report.lost_registrations.empty()) {
    text += fmt::format("Registrations may be missing: rows {} could not be read.\n",
                        ranges_text(report.lost_registrations));
  }
  if (!report.lost_names.empty()) {
    const bool are_all = report.lost_names.size() < RecoveryReport::names_told_max;
    text += fmt::format("Names that were lost{}:\n", are_all ? "" : " (the first of them)");
    for (const std::string& name : report.lost_names) text += fmt::format("  {}\n", name);
  }
  if (!report.lost_tags.empty()) {
    text += fmt::format("Tags may be missing: rows {} could not be read.\n", ranges_text(report.lost_tags));
  }
  if (!report.lost_owners.empty()) {
    text += fmt::format(
        "Owners may be missing, whose names anybody can take who may register them: rows {} could not be read.\n",
        ranges_text(report.lost_owners));
  }
  if (report.names_skipped + report.tags_skipped > 0) {
    text += fmt::format("Left out: {} names and {} tags that are not UTF-8 text, occur twice or belong to no name.\n",
                        report.names_skipped, report.tags_skipped);
  }
  if (report.lost_registrations.empty() && report.lost_tags.empty() && report.lost_owners.empty())
    text += "Nothing was unreadable.\n";
  return text;
}

}  // namespace hearth
