// nsc export: what a name server has, as lines of JSON, which nsc import and everybody else can read.
#include <algorithm>

#include "nsc/command_functions.h"
#include "nsc/interruption.h"
#include "nsc/new_file.h"
#include "nsc/registration_lines.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

using WriteText = std::function<Result<void>(std::string_view text)>;

/// How many names are written between two looks at the user and the bar.
constexpr std::size_t names_per_write = 1000;

/// All but the name server's own. What went wrong, if anything.
std::optional<std::string> write_lines(NameServerClient& name_server, const WriteText& write, const Draw& draw,
                                       std::size_t& count) {
  const Interruption interruption;
  ProgressBar bar(draw, "exporting", ProgressUnit::names);
  const auto expected = name_server.count();
  if (!expected) return expected.error().text;
  bar.show(0, *expected);
  // One answer, and not page by page: so it is of one moment.
  const auto listing = name_server.list();
  if (!listing) return listing.error().text;
  std::string lines;
  for (const NameEntry& entry : *listing) {
    if (entry.name == name_server_object_id) continue;
    auto line = registration_line(entry);
    if (!line) return printable(entry.name) + " cannot be written as JSON: " + line.error().text;
    lines += *line;
    if (++count % names_per_write != 0) continue;
    if (interruption.has_come()) return "interrupted";
    if (auto written = write(lines); !written) return written.error().text;
    lines.clear();
    bar.show(count, listing->size());
  }
  if (interruption.has_come()) return "interrupted";
  if (auto written = write(lines); !written) return written.error().text;
  return std::nullopt;
}

Report export_to_stdout(const Request& request, NameServerClient& name_server) {
  Report report;
  std::size_t count = 0;
  const auto keep = [&report](std::string_view text) -> Result<void> {
    report.out += text;
    return {};
  };
  if (auto trouble = write_lines(name_server, keep, request.draw, count)) {
    return failure(ExitStatus::failed, *trouble + "; nothing was exported");
  }
  return report;
}

Report export_to_file(const Request& request, NameServerClient& name_server, const std::string& path) {
  auto file = NewFile::create(path, request.options.overwrites ? NewFile::IfThere::replace : NewFile::IfThere::refuse);
  if (!file) return failure(ExitStatus::failed, file.error().text);
  std::size_t count = 0;
  const auto write = [&file](std::string_view text) { return file->write(text); };
  if (auto trouble = write_lines(name_server, write, request.draw, count)) {
    return failure(ExitStatus::failed, *trouble + "; nothing was exported");
  }
  if (auto finished = file->finish(); !finished) return failure(ExitStatus::failed, finished.error().text);
  Dict told;
  told.add("file", path);
  told.add("names", static_cast<std::int64_t>(count));
  return success(request, "Wrote " + std::to_string(count) + (count == 1 ? " name" : " names") + " to " + path + "\n",
                 told);
}

}  // namespace

Report export_names(const Request& request, NameServerClient& name_server) {
  const bool is_file = !request.arguments.empty() && request.arguments[0] != "-";
  return is_file ? export_to_file(request, name_server, request.arguments[0]) : export_to_stdout(request, name_server);
}

}  // namespace hearth::nsc
