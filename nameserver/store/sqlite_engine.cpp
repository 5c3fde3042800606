#include "nameserver/store/sqlite_engine.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "nameserver/store/database_copy.h"
#include "nameserver/store/recovered_file.h"
#include "nameserver/store/sqlite_copy.h"
#include "nameserver/store/sqlite_load.h"
#include "nameserver/store/sqlite_transaction.h"
#include "nameserver/store/stopped_chains.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

Error with_path(const DatabasePath& path, const Error& error) {
  return {error.kind, fmt::format("{} cannot be used: {}", path.shown, error.text)};
}

bool leads_nowhere(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) != 0 && errno == ENOENT;
}

void warn(const DatabasePath& path, std::string_view text) {
  log(LogLevel::warning, LogCategory::store, fmt::format("{}: {}", path.shown, text));
}

/// "3 registrations (a, b, c)"
std::string names_text(const std::vector<Mutation>& changes) {
  constexpr std::size_t names_told_max = 5;
  std::string names;
  for (std::size_t i = 0; i < changes.size() && i < names_told_max; ++i) {
    const auto* put = std::get_if<Put>(&changes[i]);
    if (i > 0) names += ", ";
    names += put != nullptr ? put->registration.name : std::get<Remove>(changes[i]).names.front();
  }
  return fmt::format("{} registrations ({}{})", changes.size(), names, changes.size() > names_told_max ? ", …" : "");
}

}  // namespace

Result<std::unique_ptr<Engine>> SqliteEngine::open(const std::string& path, SqliteOptions options) {
  auto checked = check_database_path(path);
  if (!checked) return forward_error(checked);
  auto lock = FileLock::acquire(checked->canonical, path);
  if (!lock) return forward_error(lock);
  if (auto whole = take_back_half_put(checked->canonical); !whole) return forward_error(whole);
  if (checked->exists) {
    if (auto looked = look_before_opening(checked->canonical); !looked) {
      return tl::unexpected(with_path(*checked, looked.error()));
    }
  }
  SqliteCopy::remove_leftovers(checked->canonical);
  std::unique_ptr<SqliteEngine> engine(new SqliteEngine(std::move(*checked), std::move(*lock), options));
  const DatabasePath& at = engine->path_;
  auto connection = SqliteConnection::open(at.canonical, true, options.busy_timeout_ms, options.ahead_min_bytes);
  if (!connection) return tl::unexpected(with_path(at, connection.error()));
  // What was noted until now is part of what load_all() reads.
  if (auto forgotten = (*connection)->foreign_changes().forget(); !forgotten) {
    return tl::unexpected(with_path(at, forgotten.error()));
  }
  engine->connection_ = std::move(*connection);
  return engine;
}

SqliteEngine::~SqliteEngine() {
  if (!connection_) return;
  if (!connection_->database().has_name()) {
    if (leads_nowhere(path_.canonical)) {
      [[maybe_unused]] const auto moved = move_to_new_file();
    } else {
      keep_copy_of_nameless_file();
    }
  }
  // What stays behind because a reader is in the way is read from the log at the next start. Also done when the file has been
  // moved: it gets what belongs into it, and a file that has taken its place gets no log that is not its own.
  [[maybe_unused]] const auto emptied = connection_->empty_log();
  // Where something is wrong the log stays, were it only as a sign: an emptied file without one would pass for a new one.
  if (failure_) connection_->db().keep_log_when_closed();
}

Result<void> SqliteEngine::load_all(const TakeRegistration& take) {
  if (failure_) return tl::unexpected(*failure_);
  auto loaded = load_registrations(connection_->db(), take, connection_->take_tags_ahead());
  if (!loaded) return tl::unexpected(with_path(path_, loaded.error()));
  if (loaded->names + loaded->tags > 0) {
    warn(path_, fmt::format("left out {} names and {} tags that are not UTF-8 text or belong to no name", loaded->names,
                            loaded->tags));
  }
  return {};
}

Result<void> SqliteEngine::load_owners(const TakeOwner& take) {
  if (failure_) return tl::unexpected(*failure_);
  auto loaded = hearth::load_owners(connection_->db(), take);
  if (!loaded) return tl::unexpected(with_path(path_, loaded.error()));
  return {};
}

std::vector<Result<Outcome>> SqliteEngine::commit(std::span<const ChainedMutation> batch) {
  if (!failure_ && connection_->has_shrunk()) [[maybe_unused]]
    const auto verified = reopen();
  if (!failure_) {
    auto results = commit_together(batch);
    if (results) return std::move(*results);
    failure_ = std::move(results.error());
  }
  return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
}

Result<std::vector<Result<Outcome>>> SqliteEngine::commit_together(std::span<const ChainedMutation> batch) {
  if (auto ours = connection_->check_names(); !ours) return forward_error(ours);
  static_cast<void>(connection_->take_tags_ahead());  // old from now on
  bool applied = false;
  std::vector<Mutation> foreign;
  auto results = in_transaction(connection_->db(), [&]() -> Result<std::vector<Result<Outcome>>> {
    auto changes = connection_->foreign_changes().take();
    if (!changes) return forward_error(changes);
    foreign = std::move(*changes);
    if (auto forgotten = connection_->tables().forget_owners(foreign); !forgotten) return forward_error(forgotten);
    auto outcomes = apply_all(batch);
    applied = outcomes.has_value();
    return outcomes;
  });
  if (!results && applied) {
    // The COMMIT failed, perhaps with all of it in the log and only the sync missing: who opens the file after a kill would
    // take it for committed. If this fails too, reopen() does it.
    [[maybe_unused]] const auto voided = connection_->commit_no_change();
  }
  if (!results) return results;
  connection_->foreign_changes().confirm();
  if (!foreign.empty()) {
    warn(path_, fmt::format("another program has changed {}; they are taken over", names_text(foreign)));
    std::move(foreign.begin(), foreign.end(), std::back_inserter(foreign_changes_));
  }
  return results;
}

/// The error is the storage's, and all of the batch's.
Result<std::vector<Result<Outcome>>> SqliteEngine::apply_all(std::span<const ChainedMutation> batch) {
  std::vector<Result<Outcome>> results;
  results.reserve(batch.size());
  StoppedChains stopped;
  for (const ChainedMutation& chained : batch) {
    if (stopped.contains(chained.chain)) {
      results.push_back(StoppedChains::not_attempted());
      continue;
    }
    results.push_back(connection_->tables().apply(chained.mutation));
    if (!results.back() && results.back().error().kind == ErrorKind::storage) return forward_error(results.back());
    stopped.note(chained.chain, results.back());
  }
  return results;
}

Result<std::unique_ptr<EngineCopy>> SqliteEngine::begin_copy() {
  if (failure_) return tl::unexpected(*failure_);
  auto copy = SqliteCopy::begin(path_.canonical, options_.busy_timeout_ms);
  if (!copy) return forward_error(copy);
  // It went by the name, which may lead elsewhere by now.
  if (auto ours = connection_->check_names(); !ours) return forward_error(ours);
  return copy;
}

Result<void> SqliteEngine::reopen() {
  auto done = recover();
  failure_ = done ? std::nullopt : std::optional(done.error());
  if (done) has_copy_ = false;
  return done;
}

Result<void> SqliteEngine::recover() {
  const bool is_gone = leads_nowhere(path_.canonical);
  if (auto there = check_directory(); !there) return there;
  if (auto locked = keep_lock(); !locked) return locked;
  if (!connection_ || connection_->database().is_at(path_.canonical)) return open_afresh();
  // Whoever opens the file that is there now must not find our log beside it, and a file that was only moved is complete.
  // If it fails, what follows does without.
  [[maybe_unused]] const auto retired = connection_->retire();
  return is_gone ? move_to_new_file() : take_other_file();
}

Result<void> SqliteEngine::check_directory() const {
  const std::string directory = path_.canonical.substr(0, path_.canonical.rfind('/') + 1);
  if (access(directory.c_str(), W_OK | X_OK) == 0) return {};
  return fail(ErrorKind::storage,
              fmt::format("the directory of the file cannot be written ({})", std::strerror(errno)));
}

/// The lock file goes with its directory.
Result<void> SqliteEngine::keep_lock() {
  if (lock_->is_in_place()) return {};
  auto lock = FileLock::acquire(path_.canonical, path_.shown);
  if (!lock) return fail(ErrorKind::storage, lock.error().text);
  lock_.reset();
  lock_.emplace(std::move(*lock));
  return {};
}

/// Without our connection there is nothing that the file and its log would not hold: it was retired before it was closed.
Result<void> SqliteEngine::open_afresh() {
  if (connection_) {
    if (auto retired = connection_->retire(); !retired) return retired;
    connection_.reset();
  }
  auto connection = SqliteConnection::open(path_.canonical, false, options_.busy_timeout_ms);
  if (!connection) return forward_error(connection);
  connection_ = std::move(*connection);
  return {};
}

Result<void> SqliteEngine::move_to_new_file() {
  auto copied = copy_database(connection_->db(), path_.canonical);
  if (!copied) return forward_error(copied);
  warn(path_, "the file was gone; it has been written anew with everything that was acknowledged");
  return take_other_file();
}

Result<void> SqliteEngine::take_other_file() {
  const Error refused{ErrorKind::storage,
                      "another file has taken the place of the database: remove it, or restart hearthd to use it"};
  auto look = SqliteDb::open_untouched(path_.canonical);
  const auto seems_same = look ? hold_the_same(connection_->db(), *look) : Result<bool>(false);
  if (!seems_same || !*seems_same) {
    keep_copy_of_nameless_file();
    return tl::unexpected(refused);
  }
  auto other = SqliteConnection::open(path_.canonical, false, options_.busy_timeout_ms);
  if (!other) return forward_error(other);
  const auto same = hold_the_same(connection_->db(), (*other)->db());  // again: it may have a log
  if (!same || !*same) return tl::unexpected(refused);
  connection_ = std::move(*other);
  return {};
}

void SqliteEngine::keep_copy_of_nameless_file() {
  if (has_copy_ || connection_->database().has_name()) return;
  auto copied = copy_database_beside(connection_->db(), path_.canonical, "acknowledged");
  if (!copied) return;  // tried again with the next attempt to recover
  has_copy_ = true;
  warn(path_, fmt::format("another file has taken its place; what was acknowledged until then is kept as {}", *copied));
}

}  // namespace hearth
