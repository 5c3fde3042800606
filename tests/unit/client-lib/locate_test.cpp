// Where locate() looks, in which order, and what it tells when there is nobody.
#include <hearth/locate.h>

#include <doctest/doctest.h>

#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

/// A UDP socket on 127.0.0.1 that gives the answers of a list, one to each GET_NSURI.
class Responder {
 public:
  explicit Responder(std::vector<std::string> answers) : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    HEARTH_CHECK(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    HEARTH_CHECK(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, texts = std::move(answers)] {
      for (const std::string& text : texts) answer(text);
    });
  }
  ~Responder() {
    thread_.join();
    ::close(descriptor_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void answer(const std::string& text) const {
    pollfd entry{descriptor_, POLLIN, 0};
    if (::poll(&entry, 1, 60000) <= 0) return;
    char question[100];
    sockaddr_in asker{};
    socklen_t size = sizeof asker;
    const ssize_t received =
        ::recvfrom(descriptor_, question, sizeof question, 0, reinterpret_cast<sockaddr*>(&asker), &size);
    if (received < 0 || std::string(question, static_cast<std::size_t>(received)) != "GET_NSURI") return;
    static_cast<void>(
        ::sendto(descriptor_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&asker), size));
  }

  int descriptor_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// A server that refuses connections, on a port that nobody else gets meanwhile.
LoopbackServer nobody() { return LoopbackServer(std::vector<LoopbackServer::Handler>{}); }

/// A machine with nothing on it, and a network of which only this machine is left.
ClientSettings lonely(const LoopbackServer& dead) {
  ClientSettings settings;
  settings.name_server_host = "127.0.0.1";
  settings.name_server_port = dead.port();
  settings.broadcast_addresses = {"127.0.0.1"};
  settings.broadcast_port = dead.port();
  settings.broadcast_wait_ms = 1;
  settings.broadcast_rounds = 2;
  return settings;
}

}  // namespace

TEST_CASE("locate: at a given host") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  auto found = locate({.host = "127.0.0.1", .port = server.port()}, {});
  REQUIRE_MESSAGE(found.has_value(), found.error().text());
  CHECK(found->uri().text() == "PYRO:Pyro.NameServer@" + server.place());
  CHECK(found->count().value() == 1);

  const LoopbackServer dead = nobody();
  const auto missing = locate({.host = "127.0.0.1", .port = dead.port()}, {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().text() == dead.place() + " refused the connection");
  CHECK_FALSE(missing.error().somebody_answered());
}

TEST_CASE("locate: on this machine, without a broadcast") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5), servers.handler(Dialect::pyro5)});
  const LoopbackServer dead = nobody();
  ClientSettings settings = lonely(dead);
  CHECK(locate({.port = server.port()}, settings).has_value());
  settings.name_server_port = server.port();
  CHECK(locate({}, settings).has_value());
}

TEST_CASE("locate: by broadcast") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  const LoopbackServer dead = nobody();
  const Responder responder({"nonsense", "PYRONAME:other", "PYRO:Pyro.NameServer@" + server.place()});
  ClientSettings settings = lonely(dead);
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 5;
  settings.broadcast_rounds = 10000;  // until the responder's thread has had its turns
  const auto found = locate({}, settings);
  REQUIRE_MESSAGE(found.has_value(), found.error().text());
  CHECK(found->uri().location() == server.place());
}

TEST_CASE("locate: each step is told") {
  const LoopbackServer dead = nobody();
  const LoopbackServer refusing({refusing_in(Dialect::pyro5, "no free workers")});
  ClientSettings settings = lonely(dead);
  const std::string silence = "no answer to the broadcast on UDP port " + std::to_string(dead.port());

  const auto alone = locate({}, settings);
  REQUIRE_FALSE(alone.has_value());
  CHECK(alone.error().text() == dead.place() + " refused the connection; " + silence);
  CHECK_FALSE(alone.error().somebody_answered());

  settings.name_server_port = refusing.port();
  const auto refused = locate({.port = dead.port()}, settings);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text() == dead.place() + " refused the connection; " + silence + "; " + refusing.place() +
                                      " rejected the connection: no free workers");
  CHECK(refused.error().somebody_answered());

  settings.preferred_ip_version = 6;
  settings.name_server_port = dead.port();
  CHECK(locate({}, settings).error().text() == dead.place() + " refused the connection");
}

TEST_CASE("locate: an answer to the broadcast that leads nowhere") {
  const LoopbackServer dead = nobody();
  const Responder responder({"PYRO:Pyro.NameServer@" + dead.place()});
  ClientSettings settings = lonely(dead);
  settings.preferred_ip_version = 4;
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 60000;
  const auto missing = locate({}, settings);
  REQUIRE_FALSE(missing.has_value());
  REQUIRE(missing.error().steps.size() == 2);
  CHECK(missing.error().steps[1].text == "the broadcast on UDP port " + std::to_string(responder.port()) +
                                             " was answered with PYRO:Pyro.NameServer@" + dead.place() + ", but " +
                                             dead.place() + " refused the connection");
}

}  // namespace hearth::test
