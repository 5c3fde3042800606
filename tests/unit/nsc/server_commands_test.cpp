// Commands for hearthd only: what they ask, print and answer.
#include <doctest/doctest.h>

#include "tests/unit/client-lib/admin_handlers.h"
#include "tests/unit/nsc/running.h"

namespace hearth::nsc {
namespace {

ServerStatus braked() {
  ServerStatus status;
  status.version = "1.2.3";
  status.autoclean = AutocleanStatus{.locations = 20, .failing = 12, .suspects = 30, .is_braked = true};
  return status;
}

Ending confirm_with(const User& user, const ServerStatus& status = braked()) {
  test::AdminServer hearthd(status);
  return run_as_admin(confirm_autoclean, hearthd.handler(), user);
}

}  // namespace

TEST_CASE("nsc confirm-autoclean asks before") {
  const Ending yes = confirm_with({.types = " y\n"});
  CHECK(yes.question ==
        "12 of 20 locations do not answer. Potentially removing all names that are registered there. "
        "Are you sure (y/n)?");
  CHECK(yes.report.status == ExitStatus::done);
  CHECK(yes.report.out == "Confirmed: 30 names may be removed.\n");
  for (const char* refusal : {"n\n", "", "yes\n"}) {
    const Ending no = confirm_with({.types = refusal, .wants_json = true});
    CHECK(no.report.status == ExitStatus::done);
    CHECK(no.report.out == "{\"confirmed\":0}\n");
  }
  const Ending nobody = confirm_with({});
  CHECK(nobody.report.status == ExitStatus::failed);
  CHECK(nobody.report.out.empty());
  CHECK(nobody.report.err.find("--yes") != std::string::npos);
}

TEST_CASE("nsc confirm-autoclean does not ask with --yes, or when there is nothing to confirm") {
  const Ending sure = confirm_with({.says_yes = true, .wants_json = true});
  CHECK(sure.question.empty());
  CHECK(sure.report.out == "{\"confirmed\":30}\n");
  ServerStatus released = braked();
  released.autoclean->is_braked = false;
  for (const ServerStatus& status : {released, ServerStatus{}}) {
    const Ending nothing = confirm_with({}, status);
    CHECK(nothing.question.empty());
    CHECK(nothing.report.status == ExitStatus::done);
    CHECK(nothing.report.out == "Autoclean waits for no confirmation.\n");
  }
}

TEST_CASE("nsc status: a hearthd, and another make") {
  test::AdminServer hearthd(braked());
  const Ending ours = run_as_admin(status, hearthd.handler(), {});
  CHECK(ours.report.status == ExitStatus::done);
  CHECK(ours.report.out.starts_with("hearthd 1.2.3 at PYRO:Pyro.NameServer@127.0.0.1:"));
  const Ending other = run_as_admin(status, test::refusing_in(Dialect::pyro5, "unknown object"), {.wants_json = true});
  CHECK(other.report.status == ExitStatus::failed);
  CHECK(other.report.out.empty());
  CHECK(other.report.err.find("is not a hearthd") != std::string::npos);
}

}  // namespace hearth::nsc
