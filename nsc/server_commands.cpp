// Commands that only hearthd knows: they ask its object Hearth.Admin.
#include <hearth/admin.h>

#include <utility>

#include "nsc/admin_access.h"
#include "nsc/command_functions.h"
#include "nsc/print_servers.h"

namespace hearth::nsc {
namespace {

Value confirmed_value(std::uint64_t count) {
  Dict dict;
  dict.add("confirmed", static_cast<std::int64_t>(count));
  return dict;
}

std::string question_of(const HearthdAutoclean& autoclean) {
  return std::to_string(autoclean.failing) + " of " + std::to_string(autoclean.locations) +
         " locations do not answer. Potentially removing all names that are registered there. Are you sure (y/n)?";
}

}  // namespace

Report status(const Request& request, NameServerClient& name_server) {
  return with_admin(request, name_server, [&](AdminClient& admin) {
    const auto told = admin.status();
    if (!told) return failure(told.error());
    const std::string uri = name_server.uri().text();
    return success(request, status_text(*told, uri), status_value(*told, uri));
  });
}

Report confirm_autoclean(const Request& request, NameServerClient& name_server) {
  return with_admin(request, name_server, [&](AdminClient& admin) {
    const auto told = admin.status();
    if (!told) return failure(told.error());
    if (!told->autoclean || !told->autoclean->is_braked)
      return success(request, "Autoclean waits for no confirmation.\n", confirmed_value(0));
    switch (confirm(request, question_of(*told->autoclean))) {
      case Answer::none:
        return failure(ExitStatus::failed, "no answer, so nothing was confirmed. With --yes nothing is asked");
      case Answer::no: return success(request, "", confirmed_value(0));
      case Answer::yes: break;
    }
    const auto count = admin.confirm_autoclean();
    if (!count) return failure(count.error());
    return success(request, "Confirmed: " + std::to_string(*count) + " names may be removed.\n",
                   confirmed_value(*count));
  });
}

}  // namespace hearth::nsc
