// nsc backup: a hearthd's database, streamed into a file here while it goes on.
#include <hearth/admin.h>

#include <optional>

#include "nsc/admin_access.h"
#include "nsc/command_functions.h"
#include "nsc/interruption.h"
#include "nsc/new_file.h"
#include "nsc/print.h"

namespace hearth::nsc {
namespace {

/// Until the server has its copy, then until all of it is here. What went wrong, if anything.
std::optional<std::string> receive(AdminClient& admin, HearthdBackup& backup, NewFile& file, const Draw& draw) {
  const Interruption interruption;
  const auto get_next_piece = [&]() -> std::optional<std::string> {
    if (auto went_on = admin.continue_backup(backup); !went_on) return went_on.error().text;
    if (auto written = file.write(backup.data); !written) return written.error().text;
    if (interruption.has_come()) return "interrupted";
    return std::nullopt;
  };
  ProgressBar copying(draw, "copying  ", ProgressUnit::percent_only);
  while (!backup.size) {
    copying.show(backup.done, backup.total);
    if (auto trouble = get_next_piece()) return trouble;
  }
  ProgressBar receiving(draw, "receiving", ProgressUnit::bytes);
  while (!backup.is_complete()) {
    receiving.show(backup.received, *backup.size);
    if (auto trouble = get_next_piece()) return trouble;
  }
  return std::nullopt;
}

Report receive_backup(const Request& request, AdminClient& admin) {
  const std::string& path = request.arguments[0];
  const auto if_there = request.options.overwrites ? NewFile::IfThere::replace : NewFile::IfThere::refuse;
  auto file = NewFile::create(path, if_there);
  if (!file) return failure(ExitStatus::failed, file.error().text);
  auto backup = admin.begin_backup();
  if (!backup) return failure(backup.error());
  const auto trouble = receive(admin, *backup, *file, request.draw);
  // Whether the server hears of it or not: it notices by itself that nobody asks any more.
  [[maybe_unused]] const auto ended = admin.end_backup(*backup);
  if (trouble) return failure(ExitStatus::failed, *trouble + "; no backup was written");
  if (auto finished = file->finish(); !finished) return failure(ExitStatus::failed, finished.error().text);
  Dict told;
  told.add("file", path);
  told.add("bytes", static_cast<std::int64_t>(backup->received));
  return success(request, "Wrote the database, " + bytes_text(backup->received) + ", to " + path + "\n", told);
}

}  // namespace

Report backup(const Request& request, NameServerClient& name_server) {
  return with_admin(request, name_server, [&](AdminClient& admin) { return receive_backup(request, admin); });
}

}  // namespace hearth::nsc
