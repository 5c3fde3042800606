#include "nsc/print_servers.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "nsc/print.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// ---- a table ----

using Row = std::array<std::string, 5>;

/// Two blanks between the columns, none at the end of a line. Widths count code points, which is right for most of the world.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string table_text(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], width_of(row[column]));
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += row[column];
      const bool is_last = column + 1 == row.size();
      text += is_last ? "\n" : std::string(widths[column] - width_of(row[column]) + 2, ' ');
    }
  }
  return text;
}

std::string milliseconds_text(std::uint64_t microseconds) {
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.2f ms", static_cast<double>(microseconds) / 1000.0);
  return buffer.data();
}

// ---- a status ----

std::string uptime_text(std::uint64_t milliseconds) {
  const std::uint64_t seconds = milliseconds / 1000;
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%llu d %02u:%02u:%02u", static_cast<unsigned long long>(seconds / 86400),
                static_cast<unsigned>(seconds / 3600 % 24), static_cast<unsigned>(seconds / 60 % 60),
                static_cast<unsigned>(seconds % 60));
  return buffer.data();
}

std::string storage_text(const HearthdStatus& status) {
  return printable(status.storage) + (status.storage_bytes == 0 ? "" : ", " + bytes_text(status.storage_bytes));
}

/// As the clock on the wall of whoever reads it.
std::string local_time_text(std::int64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  std::array<char, 64> buffer{};
  if (::localtime_r(&seconds, &parts) == nullptr) return "?";
  static_cast<void>(std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S %z", &parts));
  return buffer.data();
}

std::string commits_text(const HearthdCommits& commits) {
  std::string text = std::to_string(commits.count);
  if (commits.count > 0) {
    const double mean = static_cast<double>(commits.changes) / static_cast<double>(commits.count);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), ", %.1f changes in one on average, ", mean);
    text += buffer.data() + std::to_string(commits.largest) + " at most";
  }
  if (commits.failed > 0) text += "; " + std::to_string(commits.failed) + " failed";
  return text;
}

std::string autoclean_text(const HearthdAutoclean& autoclean) {
  std::string text = "every " + std::to_string(autoclean.period_ms / 1000) + " s, " +
                     std::to_string(autoclean.failing) + " of " + std::to_string(autoclean.locations) +
                     " locations unreachable, " + std::to_string(autoclean.suspects) + " names suspect, " +
                     std::to_string(autoclean.removed) + " removed since the start";
  if (autoclean.is_braked)
    text +=
        "\n               BRAKED: so many fail at once that nothing is removed. If they are really gone: "
        "nsc confirm-autoclean";
  return text;
}

Value optional_text(const std::optional<std::string>& text) { return text ? Value(*text) : Value(); }

Value commits_value(const HearthdCommits& commits) {
  Dict dict;
  dict.add("count", number(commits.count));
  dict.add("changes", number(commits.changes));
  dict.add("largest", number(commits.largest));
  dict.add("failed", number(commits.failed));
  dict.add("foreign_changes", number(commits.foreign_changes));
  dict.add("last_unix_ms", commits.last_unix_ms ? Value(*commits.last_unix_ms) : Value());
  return dict;
}

Value rivals_value(const std::vector<HearthdRival>& rivals) {
  List list;
  for (const HearthdRival& rival : rivals) {
    Dict item;
    item.add("address", rival.address);
    item.add("uri", rival.uri);
    list.items.emplace_back(std::move(item));
  }
  return list;
}

Value autoclean_value(const HearthdAutoclean& autoclean) {
  Dict dict;
  dict.add("period_ms", number(autoclean.period_ms));
  dict.add("locations", number(autoclean.locations));
  dict.add("failing", number(autoclean.failing));
  dict.add("suspects", number(autoclean.suspects));
  dict.add("removed", number(autoclean.removed));
  dict.add("is_braked", autoclean.is_braked);
  return dict;
}

}  // namespace

std::string located_text(const std::vector<LocatedServer>& servers) {
  std::vector<Row> rows{{"ADDRESS", "URI", "ROUND TRIP", "VERSION", "REGISTRATIONS"}};
  for (const LocatedServer& server : servers) {
    const auto& inspection = server.inspection;
    rows.push_back({printable(server.found.address), printable(server.found.uri.text()),
                    milliseconds_text(server.found.round_trip_us),
                    inspection && inspection->hearthd ? printable(inspection->hearthd->version) : "-",
                    inspection ? std::to_string(inspection->registrations) : "-"});
  }
  return table_text(rows);
}

Value located_value(const std::vector<LocatedServer>& servers) {
  List list;
  for (const LocatedServer& server : servers) {
    const auto& inspection = server.inspection;
    const bool is_hearthd = inspection && inspection->hearthd;
    Dict item;
    item.add("address", server.found.address);
    item.add("uri", server.found.uri.text());
    item.add("by", server.found.way == FoundNameServer::Way::broadcast ? "broadcast" : "direct");
    item.add("round_trip_us", number(server.found.round_trip_us));
    item.add("version", is_hearthd ? Value(inspection->hearthd->version) : Value());
    item.add("registrations", inspection ? number(inspection->registrations) : Value());
    item.add("trouble", inspection ? Value() : Value(inspection.error().text));
    list.items.emplace_back(std::move(item));
  }
  return list;
}

std::string status_text(const HearthdStatus& status, const std::string& uri) {
  std::string text = "hearthd " + printable(status.version) + " at " + printable(uri) + "\n";
  const auto line = [&text](std::string title, const std::string& value) {
    title.resize(15, ' ');
    text += title + value + "\n";
  };
  line("uptime", uptime_text(status.uptime_ms));
  line("registrations", std::to_string(status.registrations));
  line("connections", std::to_string(status.connections));
  line("storage", storage_text(status));
  line("commits", commits_text(status.commits));
  line("last commit", status.commits.last_unix_ms ? local_time_text(*status.commits.last_unix_ms) : "none");
  line("changes", status.refusal ? "REFUSED: " + printable(*status.refusal) : "accepted");
  line("storage error", status.storage_error ? printable(*status.storage_error) : "none");
  if (status.commits.foreign_changes > 0) {
    line("other writers", std::to_string(status.commits.foreign_changes) + " registrations changed in the file");
  }
  line("broadcast", status.broadcast ? "answers at " + printable(*status.broadcast) : "not answered");
  line("autoclean", status.autoclean ? autoclean_text(*status.autoclean) : "off");
  if (status.rivals.empty()) line("rivals", "none");
  for (const HearthdRival& rival : status.rivals)
    line("rival", printable(rival.address) + " answers with " + printable(rival.uri));
  return text;
}

Value status_value(const HearthdStatus& status, const std::string& uri) {
  Dict dict;
  dict.add("uri", uri);
  dict.add("version", status.version);
  dict.add("instance", status.instance);
  dict.add("uptime_ms", number(status.uptime_ms));
  dict.add("registrations", number(status.registrations));
  dict.add("connections", number(status.connections));
  dict.add("storage", status.storage);
  dict.add("storage_bytes", number(status.storage_bytes));
  dict.add("commits", commits_value(status.commits));
  dict.add("refusal", optional_text(status.refusal));
  dict.add("storage_error", optional_text(status.storage_error));
  dict.add("broadcast", optional_text(status.broadcast));
  dict.add("rivals", rivals_value(status.rivals));
  dict.add("autoclean", status.autoclean ? autoclean_value(*status.autoclean) : Value());
  return dict;
}

std::string diagnosis_text(const Diagnosis& diagnosis) {
  std::string text;
  for (const DiagnosisStep& step : diagnosis.steps) text += describe(step) + "\n";
  const Verdict& verdict = diagnosis.verdict;
  if (verdict.health == Health::healthy) return text + verdict.explanation + "\n";
  return text + "Likely cause: " + verdict.explanation + "\nRemedy: " + verdict.remedy + "\n";
}

Value diagnosis_value(const Diagnosis& diagnosis) {
  List steps;
  for (const DiagnosisStep& step : diagnosis.steps) {
    Dict item;
    item.add("step", to_string(step.kind));
    item.add("place", step.place);
    item.add("outcome", to_string(step.outcome));
    item.add("said", step.said);
    item.add("responder", step.responder);
    item.add("server", step.server == 0 ? Value() : number(step.server));
    item.add("text", describe(step));
    steps.items.emplace_back(std::move(item));
  }
  const Verdict& verdict = diagnosis.verdict;
  Dict dict;
  dict.add("health", to_string(verdict.health));
  dict.add("cause", to_string(verdict.cause));
  dict.add("explanation", verdict.explanation);
  dict.add("remedy", verdict.remedy);
  dict.add("steps", std::move(steps));
  return dict;
}

}  // namespace hearth::nsc
