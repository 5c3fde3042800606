// Commands about registrations. Their texts are those of Pyro4/nsc.py.
#include <utility>

#include "nsc/command_functions.h"
#include "nsc/print.h"

namespace hearth::nsc {
namespace {

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

TagSet tags_from(const Request& request, std::size_t first) {
  return {request.arguments.begin() + static_cast<std::ptrdiff_t>(first), request.arguments.end()};
}

/// With a blank of its own, as in Pyro.
constexpr std::string_view metadata_title = " - searched by metadata";

}  // namespace

Report ping(const Request& request, NameServerClient& name_server) {
  if (auto done = name_server.ping(); !done) return failure(done.error());
  return success(request, "Name server ping ok.\n", ok_value(""));
}

Report list(const Request& request, NameServerClient& name_server) {
  if (request.arguments.empty()) return listing_report(request, name_server.list(), "");
  const std::string& prefix = request.arguments[0];
  return listing_report(request, name_server.list_by_prefix(prefix), "- prefix '" + prefix + "'");
}

Report list_matching(const Request& request, NameServerClient& name_server) {
  const std::string& regex = request.arguments[0];
  return listing_report(request, name_server.list_by_regex(regex), "- regex '" + regex + "'");
}

Report yplookup_all(const Request& request, NameServerClient& name_server) {
  return listing_report(request, name_server.yplookup_all(tags_from(request, 0)), metadata_title);
}

Report yplookup_any(const Request& request, NameServerClient& name_server) {
  return listing_report(request, name_server.yplookup_any(tags_from(request, 0)), metadata_title);
}

Report lookup(const Request& request, NameServerClient& name_server) {
  const auto entry = name_server.lookup(request.arguments[0]);
  if (!entry) return failure(entry.error());
  return success(request, entry_text(*entry), entry_value(*entry));
}

Report register_name(const Request& request, NameServerClient& name_server) {
  const std::string& name = request.arguments[0];
  auto done =
      name_server.register_name(name, request.arguments[1], tags_from(request, 2), NameServerClient::IfTaken::fail);
  if (!done) return failure(done.error());
  return success(request, "Registered " + name + "\n", ok_value(name));
}

Report set_metadata(const Request& request, NameServerClient& name_server) {
  const auto tags = tags_from(request, 1);
  if (auto done = name_server.set_metadata(request.arguments[0], tags); !done) return failure(done.error());
  return success(request, tags.empty() ? "Metadata cleared\n" : "Metadata updated\n", ok_value(request.arguments[0]));
}

Report remove(const Request& request, NameServerClient& name_server) {
  const std::string& name = request.arguments[0];
  const auto count = name_server.remove(name);
  if (!count) return failure(count.error());
  Report report = success(request, *count > 0 ? "Removed " + name + "\n" : "Nothing removed\n", removed_value(*count));
  if (*count == 0) report.status = ExitStatus::no_such_name;
  return report;
}

Report remove_matching(const Request& request, NameServerClient& name_server) {
  switch (confirm(request, "Potentially removing lots of items from the Name server. Are you sure (y/n)?")) {
    case Answer::none:
      return failure(ExitStatus::failed, "no answer, so nothing was removed. With --yes nothing is asked");
    case Answer::no: return success(request, "", removed_value(0));
    case Answer::yes: break;
  }
  const auto count = name_server.remove_by_regex(request.arguments[0]);
  if (!count) return failure(count.error());
  return success(request, std::to_string(*count) + " items removed.\n", removed_value(*count));
}

}  // namespace hearth::nsc
