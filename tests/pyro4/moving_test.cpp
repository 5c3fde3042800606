// Objects and name servers that go and come back somewhere else, with Pyro's own name server and with hearthd.
#include <hearth/registration.h>
#include <hearth/registration_thread.h>
#include <hearth/resolve.h>

#include <doctest/doctest.h>

#include <condition_variable>
#include <memory>
#include <mutex>

#include "tests/pyro4/programs.h"

namespace hearth::test {
namespace {

std::vector<std::string> registering(const NameServerProgram& name_server, const std::string& name) {
  return {"--register", name, "127.0.0.1", std::to_string(name_server.port())};
}

}  // namespace

TEST_CASE("pyro4: an object that restarts on another port is found again by its name") {
  for (const auto make : both_makes) {
    const NameServerProgram name_server(make);
    auto daemon = std::make_unique<Daemon>(registering(name_server, "example"));
    const std::string by_name = "PYRONAME:example@" + name_server.place();
    Proxy proxy = or_throw(Proxy::connect(by_name));
    NameServerClient client = name_server.connect();
    Proxy from_client = or_throw(client.proxy("example"));
    const Uri first_place = proxy.place();
    CHECK(first_place == daemon->uri());
    CHECK(proxy.call<int>("add", 1, 2) == 3);

    daemon = std::make_unique<Daemon>(registering(name_server, "example"));
    CHECK(daemon->uri() != first_place);
    CHECK(proxy.call<int>("add", 3, 4) == 7);
    CHECK(proxy.place() == daemon->uri());
    CHECK(proxy.uri().text() == by_name);
    CHECK(from_client.call<int>("add", 5, 6) == 11);

    // In the middle of a call, with leave to make it again.
    CHECK(proxy.invoke("die", {}, {}, {.retries = 1}).error().kind == ClientErrorKind::unreachable);
    daemon = std::make_unique<Daemon>(registering(name_server, "example"));
    CHECK(proxy.call<int>("add", 7, 8) == 15);

    CHECK(client.remove("example").value() == 1);
    proxy.release();
    CHECK(proxy.invoke("add", {1, 2}).error().kind == ClientErrorKind::unknown_name);
  }
}

TEST_CASE("pyro4: without its name server an object is looked for where it was") {
  auto name_server = std::make_unique<NameServerProgram>(NameServerProgram::Make::hearthd);
  const Daemon daemon(registering(*name_server, "example"));
  Proxy proxy = or_throw(Proxy::connect("PYRONAME:example@" + name_server->place()));
  name_server.reset();
  proxy.release();
  CHECK(proxy.call<int>("add", 1, 2) == 3);
}

TEST_CASE("pyro4: a daemon is asked for its objects without a name server") {
  const Daemon daemon;
  const std::string place = daemon.uri().location().value();
  CHECK(or_throw(resolve("PYROLOC:everything@" + place)) == daemon.uri());
  CHECK(or_throw(Proxy::connect("PYROLOC:everything@" + place)).call<int>("add", 1, 2) == 3);
  CHECK(resolve("PYROLOC:nothing@" + place).error().kind == ClientErrorKind::unknown_name);
}

TEST_CASE("pyro4: both makes of name servers answer the typed client alike") {
  for (const auto make : both_makes) {
    const NameServerProgram name_server(make);
    NameServerClient client = name_server.connect();
    const NameListing entries{{"a", "PYRO:a@h:1", {"t", "u"}}, {"b", "PYRO:b@h:1", {"t"}}, {"c", "PYRO:c@h:1", {}}};
    CHECK(or_throw(client.register_all(entries)).count == 3);
    CHECK(or_throw(client.lookup("a")) == entries[0]);
    CHECK(or_throw(client.list(NameFilter::regex("[abc]$"))) == entries);
    CHECK(or_throw(client.yplookup_all({"t", "u"})) == NameListing{entries[0]});
    CHECK(or_throw(client.yplookup_any({"t"})).size() == 2);
    std::size_t visited = 0;
    CHECK(or_throw(client.for_each(NameFilter::all(), [&visited](const NameEntry&) { ++visited; })) == 4);
    CHECK(visited == 4);
    CHECK(or_throw(client.wait_for_tags({"u"}, 0)) == NameListing{entries[0]});
  }
}

TEST_CASE("pyro4: a registration is renewed as soon as another name server has the old one's place") {
  for (const auto make : both_makes) {
    auto name_server = std::make_unique<NameServerProgram>(make);
    const int port = name_server->port();
    RegistrationOptions options;
    options.name_server = {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)};
    options.settings.retry_wait_ms_max = 0;
    StandingRegistration registration =
        or_throw(StandingRegistration::create({"example", "PYRO:o@h:1", {"t"}}, options));
    CHECK(or_throw(registration.keep()) == Kept::as_it_was);

    name_server.reset();
    CHECK(registration.keep().error().kind == ClientErrorKind::unreachable);
    name_server = std::make_unique<NameServerProgram>(make, port);
    CHECK(or_throw(registration.keep()) == Kept::renewed);
    CHECK(or_throw(name_server->connect().lookup("example")) == NameEntry{"example", "PYRO:o@h:1", {"t"}});

    name_server.reset();  // gone and back between two looks
    name_server = std::make_unique<NameServerProgram>(make, port);
    CHECK(or_throw(registration.keep()) == Kept::renewed);
    CHECK(registration.remove().has_value());
    CHECK(name_server->connect().lookup("example").error().kind == ClientErrorKind::unknown_name);
  }
}

TEST_CASE("pyro4: a thread notices at once that the name server goes, and registers when it is back") {
  for (const auto make : both_makes) {
    auto name_server = std::make_unique<NameServerProgram>(make);
    const int port = name_server->port();
    RegistrationOptions options;
    options.name_server = {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)};
    options.check_ms = 3600000;
    options.settings.retry_wait_ms_max = 50;
    std::mutex mutex;
    std::condition_variable news;
    bool has_failed = false;
    bool is_renewed = false;
    const auto wait_for = [&](const bool& what) {
      std::unique_lock lock(mutex);
      news.wait(lock, [&what] { return what; });
    };
    {
      const RegistrationThread keeper(or_throw(StandingRegistration::create({"example", "PYRO:o@h:1", {}}, options)),
                                      [&](const ClientResult<Kept>& outcome) {
                                        const std::lock_guard lock(mutex);
                                        (outcome ? is_renewed : has_failed) = true;
                                        news.notify_all();
                                      });
      name_server.reset();
      wait_for(has_failed);
      name_server = std::make_unique<NameServerProgram>(make, port);
      wait_for(is_renewed);
      CHECK(or_throw(name_server->connect().lookup("example")).uri == "PYRO:o@h:1");
    }
    CHECK(name_server->connect().lookup("example").error().kind == ClientErrorKind::unknown_name);
  }
}

}  // namespace hearth::test
