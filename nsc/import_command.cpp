// nsc import: the names of a file into a running name server. Nothing is registered before all of the file makes sense.
#include <algorithm>
#include <cstdio>

#include "nsc/command_functions.h"
#include "nsc/import_plan.h"
#include "nsc/import_run.h"
#include "nsc/name_source.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

constexpr std::size_t conflicts_told_max = 10;

std::string line_for_stderr(const std::string& text) { return "nsc: " + text + "\n"; }

std::string lines_for_stderr(const std::vector<std::string>& texts, std::size_t count) {
  std::string lines;
  for (const std::string& text : texts) lines += line_for_stderr(text);
  if (count > texts.size()) lines += line_for_stderr("… and " + std::to_string(count - texts.size()) + " more");
  return lines;
}

/// "1 name", "2 names"
std::string names(std::size_t count) { return std::to_string(count) + (count == 1 ? " name" : " names"); }

Report refuse_source(const NameSource& source) {
  Report report{ExitStatus::failed, "", lines_for_stderr(source.troubles(), source.trouble_count())};
  report.err += line_for_stderr("nothing was imported");
  return report;
}

Report refuse_conflicts(const NameSource& source, const ImportPlan& plan) {
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(plan.conflicts.size(), conflicts_told_max); ++i) {
    const auto& [entry, there] = plan.conflicts[i];
    const NameEntry& ours = source.entries()[entry];
    told.push_back(source.place_of(entry) + ": " + printable(ours.name) + " is registered " +
                   (there == ours.uri ? "with other tags" : "as " + printable(there)));
  }
  Report report{ExitStatus::failed, "", lines_for_stderr(told, plan.conflicts.size())};
  report.err +=
      line_for_stderr("nothing was imported, because " + std::to_string(plan.conflicts.size()) + " of " +
                      names(source.entries().size()) +
                      " are taken. --on-conflict=skip leaves those as they are, --on-conflict=replace changes "
                      "them");
  return report;
}

struct Counts {
  std::size_t added;
  std::size_t replaced;
  std::size_t unchanged;
  std::size_t skipped;
};

/// If all goes as planned.
Counts counts_of(const ImportPlan& plan, OnConflict rule) {
  const std::size_t conflicts = plan.conflicts.size();
  if (rule == OnConflict::replace) return {plan.to_register.size() - conflicts, conflicts, plan.unchanged, 0};
  return {plan.to_register.size(), 0, plan.unchanged, conflicts};
}

std::string text_of(const Counts& counts, bool is_dry_run) {
  std::string text = (is_dry_run ? "Would import " : "Imported ") + names(counts.added + counts.replaced);
  text += ": " + std::to_string(counts.added) + " new";
  if (counts.replaced > 0) text += ", " + std::to_string(counts.replaced) + " replaced";
  if (counts.unchanged > 0) text += "; " + std::to_string(counts.unchanged) + " there already";
  if (counts.skipped > 0) text += "; " + std::to_string(counts.skipped) + " skipped, being taken";
  return text + "\n";
}

Value value_of(const Counts& counts, bool is_dry_run) {
  Dict dict;
  dict.add("dry_run", is_dry_run);
  dict.add("added", static_cast<std::int64_t>(counts.added));
  dict.add("replaced", static_cast<std::int64_t>(counts.replaced));
  dict.add("unchanged", static_cast<std::int64_t>(counts.unchanged));
  dict.add("skipped", static_cast<std::int64_t>(counts.skipped));
  return dict;
}

/// What is in, and how to go on.
Report cut_short(const ImportOutcome& outcome, const ImportPlan& plan) {
  std::string text = outcome.trouble + ". Of " + names(plan.to_register.size()) + ", " +
                     std::to_string(outcome.registered) + " have been imported";
  if (outcome.unknown > 0) {
    text += ", and perhaps some of the next " + std::to_string(outcome.unknown) + ", for which no answer came";
  }
  return failure(ExitStatus::failed, text + ". The same command goes on from there");
}

Report import_source(const Request& request, NameServerClient& name_server, const NameSource& source) {
  if (source.trouble_count() > 0) return refuse_source(source);
  const OnConflict rule = request.options.on_conflict;
  ImportPlanner planner(source);
  const auto note = [&planner](const NameEntry& there) { planner.note_registered(there); };
  const auto asked = name_server.for_each(NameFilter::prefix(planner.common_prefix()), note);
  if (!asked) return failure(asked.error());
  const ImportPlan plan = planner.plan(rule);
  if (rule == OnConflict::fail && !plan.conflicts.empty()) return refuse_conflicts(source, plan);
  Counts counts = counts_of(plan, rule);
  if (!request.options.is_dry_run) {
    const ImportOutcome outcome = run_import(name_server, source, plan, rule, request.draw);
    if (!outcome.trouble.empty()) return cut_short(outcome, plan);
    counts.added -= outcome.taken;
    counts.skipped += outcome.taken;
  }
  return success(request, text_of(counts, request.options.is_dry_run), value_of(counts, request.options.is_dry_run));
}

}  // namespace

Report import_names(const Request& request, NameServerClient& name_server) {
  const auto source = read_source(request.arguments[0], stdin);
  if (!source) return failure(ExitStatus::failed, source.error().text + "; nothing was imported");
  Report report = import_source(request, name_server, *source);
  report.err = lines_for_stderr(source->notes(), source->notes().size()) + report.err;
  return report;
}

}  // namespace hearth::nsc
