#include "nsc/commands.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "nsc/print.h"

namespace hearth::nsc {
namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

// ---- reports ----

Report failure(ExitStatus status, const std::string& text) { return {status, "", "nsc: " + text + "\n"}; }

Report failure(const ClientError& error) {
  const bool is_unknown = error.kind == ClientErrorKind::unknown_name;
  return failure(is_unknown ? ExitStatus::no_such_name : ExitStatus::failed, error.text);
}

Report success(const Request& request, std::string text, const Value& value) {
  if (!request.wants_json) return {ExitStatus::done, std::move(text), ""};
  auto line = json_line(value);
  if (!line) return failure(ExitStatus::failed, "this cannot be written as JSON: " + line.error().text);
  return {ExitStatus::done, std::move(*line), ""};
}

Value ok_value(std::string_view name) {
  Dict dict;
  dict.add("ok", true);
  if (!name.empty()) dict.add("name", name);
  return dict;
}

Value removed_value(std::uint64_t count) {
  Dict dict;
  dict.add("removed", static_cast<std::int64_t>(count));
  return dict;
}

Report listing_report(const Request& request, const ClientResult<NameListing>& listing, std::string_view title) {
  if (!listing) return failure(listing.error());
  if (request.wants_json) return success(request, "", listing_value(*listing));
  return {ExitStatus::done, listing_text(*listing, title), ""};
}

std::vector<std::string> tags_from(const Request& request, std::size_t first) {
  return {request.arguments.begin() + static_cast<std::ptrdiff_t>(first), request.arguments.end()};
}

// ---- commands: the texts are those of Pyro4/nsc.py ----

Report ping(const Request& request) {
  if (auto done = request.name_server.ping(); !done) return failure(done.error());
  return success(request, "Name server ping ok.\n", ok_value(""));
}

Report list(const Request& request) {
  if (request.arguments.empty()) return listing_report(request, request.name_server.list(), "");
  const std::string& prefix = request.arguments[0];
  return listing_report(request, request.name_server.list_by_prefix(prefix), "- prefix '" + prefix + "'");
}

Report list_matching(const Request& request) {
  const std::string& regex = request.arguments[0];
  return listing_report(request, request.name_server.list_by_regex(regex), "- regex '" + regex + "'");
}

/// With a blank of its own, as in Pyro.
constexpr std::string_view metadata_title = " - searched by metadata";

Report yplookup_all(const Request& request) {
  return listing_report(request, request.name_server.yplookup_all(request.arguments), metadata_title);
}

Report yplookup_any(const Request& request) {
  return listing_report(request, request.name_server.yplookup_any(request.arguments), metadata_title);
}

Report lookup(const Request& request) {
  const auto entry = request.name_server.lookup(request.arguments[0]);
  if (!entry) return failure(entry.error());
  return success(request, entry_text(*entry), entry_value(*entry));
}

Report register_name(const Request& request) {
  const std::string& name = request.arguments[0];
  auto done = request.name_server.register_name(name, request.arguments[1], tags_from(request, 2),
                                                NameServerClient::IfTaken::fail);
  if (!done) return failure(done.error());
  return success(request, "Registered " + name + "\n", ok_value(name));
}

Report set_metadata(const Request& request) {
  const auto tags = tags_from(request, 1);
  if (auto done = request.name_server.set_metadata(request.arguments[0], tags); !done) return failure(done.error());
  return success(request, tags.empty() ? "Metadata cleared\n" : "Metadata updated\n", ok_value(request.arguments[0]));
}

Report remove(const Request& request) {
  const std::string& name = request.arguments[0];
  const auto count = request.name_server.remove(name);
  if (!count) return failure(count.error());
  Report report = success(request, *count > 0 ? "Removed " + name + "\n" : "Nothing removed\n", removed_value(*count));
  if (*count == 0) report.status = ExitStatus::no_such_name;
  return report;
}

bool is_yes(std::string_view answer) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  answer.remove_prefix(std::min(answer.find_first_not_of(blanks), answer.size()));
  answer = answer.substr(0, answer.find_last_not_of(blanks) + 1);
  return answer == "y" || answer == "Y";
}

Report remove_matching(const Request& request) {
  if (!request.says_yes) {
    const auto answer = request.ask("Potentially removing lots of items from the Name server. Are you sure (y/n)?");
    if (!answer) return failure(ExitStatus::failed, "no answer, so nothing was removed. With --yes nothing is asked");
    if (!is_yes(*answer)) return success(request, "", removed_value(0));
  }
  const auto count = request.name_server.remove_by_regex(request.arguments[0]);
  if (!count) return failure(count.error());
  return success(request, std::to_string(*count) + " items removed.\n", removed_value(*count));
}

constexpr std::string_view needs_name = "requires one argument: name";
constexpr std::string_view needs_pattern = "requires one argument: pattern";
constexpr std::string_view needs_tag = "requires at least one metadata tag argument";

constexpr std::array<Command, 12> all_commands{{
    {"ping", "", "check that the name server answers", 0, 0, "takes no arguments", ping},
    {"list", "[PREFIX]", "list the registrations", 0, 1, "takes one argument at most: prefix", list},
    {"listmatching", "REGEX", "list those whose name matches, as Python's re.match does", 1, 1, needs_pattern,
     list_matching},
    {"lookup", "NAME", "print the URI and the metadata tags of a name", 1, 1, needs_name, lookup},
    {"register", "NAME URI [TAG...]", "register a name that is not taken yet", 2, any_number,
     "requires two arguments: name uri", register_name},
    {"remove", "NAME", "remove a registration", 1, 1, needs_name, remove},
    {"removematching", "REGEX", "remove all whose name matches; asks before", 1, 1, needs_pattern, remove_matching},
    {"setmeta", "NAME [TAG...]", "replace the metadata tags of a name; none clears them", 1, any_number,
     "requires at least one argument: name", set_metadata},
    {"yplookup_all", "TAG...", "list the registrations that have all of the tags", 1, any_number, needs_tag,
     yplookup_all},
    {"yplookup_any", "TAG...", "list the registrations that have any of the tags", 1, any_number, needs_tag,
     yplookup_any},
    {"listmeta_all", "TAG...", "Pyro4's name of yplookup_all", 1, any_number, needs_tag, yplookup_all},
    {"listmeta_any", "TAG...", "Pyro4's name of yplookup_any", 1, any_number, needs_tag, yplookup_any},
}};

}  // namespace

std::span<const Command> commands() { return all_commands; }

const Command* find_command(std::string_view name) {
  for (const Command& command : all_commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace hearth::nsc
