#include "nameserver/discovery/announcement.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hearth {
namespace {

const std::string object = "PYRO:Pyro.NameServer";
const std::vector<std::string> own{"127.0.0.1", "192.0.2.1", "198.51.100.1", "2001:db8::1"};

Announcement announced(std::vector<ServedAddress> served) {
  auto announcement = Announcement::of(object, std::move(served));
  REQUIRE(announcement);
  return std::move(*announcement);
}

}  // namespace

TEST_CASE("announcement: bound to one address, everybody is told that, as it was spelled") {
  const Announcement announcement = announced({{"ns.example.org:9090", "192.0.2.1", 9090}});
  CHECK(announcement.answer_for("203.0.113.9") == std::string("PYRO:Pyro.NameServer@ns.example.org:9090"));
  CHECK(announcement.answer_for("127.0.0.1") == std::string("PYRO:Pyro.NameServer@ns.example.org:9090"));
}

TEST_CASE("announcement: bound to every address, an asker is told the one that faces it") {
  const Announcement announcement = announced({{"0.0.0.0:7777", "0.0.0.0", 7777}});
  CHECK(announcement.answer_for("127.0.0.1") == std::string("PYRO:Pyro.NameServer@127.0.0.1:7777"));
  CHECK_FALSE(announcement.answer_for("255.255.255.255"));  // no way back to a broadcast address
}

TEST_CASE("announcement: of several addresses the one that faces the asker, else the first, loopback last") {
  const ServedAddress loopback{"localhost:1", "127.0.0.1", 1};
  const ServedAddress lan{"lan:2", "192.0.2.1", 2};
  const ServedAddress ipv6{"[2001:db8::1]:3", "2001:db8::1", 3};
  const ServedAddress other_loopback{"127.0.0.9:4", "127.0.0.9", 4};
  CHECK(announced({ipv6, loopback, lan}).answer_for("127.0.0.1") == std::string("PYRO:Pyro.NameServer@localhost:1"));
  CHECK(announced({ipv6, other_loopback, lan}).answer_for("127.0.0.1") == std::string("PYRO:Pyro.NameServer@lan:2"));
}

TEST_CASE("announcement: on loopback alone, other machines are told nothing") {
  const Announcement announcement = announced({{"localhost:9090", "127.0.0.1", 9090}});
  CHECK(announcement.answer_for("127.0.0.1") == std::string("PYRO:Pyro.NameServer@localhost:9090"));
  CHECK_FALSE(announcement.answer_for("192.0.2.7"));
}

TEST_CASE("announcement: a URI that clients would read in part is an error with the remedy") {
  const std::string long_host(80, 'h');
  const auto announcement = Announcement::of(object, {{long_host + ":9090", "192.0.2.1", 9090}});
  REQUIRE_FALSE(announcement);
  CHECK(announcement.error().text.find(long_host) != std::string::npos);
  CHECK(announcement.error().text.find("-x") != std::string::npos);
}

TEST_CASE("announcement: ours is what we say, from an address of ours") {
  const Announcement announcement = announced({{"ns:9090", "192.0.2.1", 9090}});
  CHECK(announcement.is_ours("PYRO:Pyro.NameServer@ns:9090", "198.51.100.1", own));
  CHECK_FALSE(announcement.is_ours("PYRO:Pyro.NameServer@ns:9090", "192.0.2.7", own));  // a namesake
  CHECK_FALSE(
      announcement.is_ours("PYRO:Pyro.NameServer@192.0.2.1:9090", "192.0.2.1", own));  // another one on this machine
  CHECK_FALSE(announcement.is_ours("PYRO:Pyro.NameServer@ns:9091", "192.0.2.1", own));
}

TEST_CASE("announcement: bound to every address, ours is any of them with our port") {
  const Announcement announcement = announced({{"0.0.0.0:9090", "0.0.0.0", 9090}});
  CHECK(announcement.is_ours("PYRO:Pyro.NameServer@192.0.2.1:9090", "192.0.2.1", own));
  CHECK(announcement.is_ours("PYRO:Pyro.NameServer@127.0.0.1:9090", "127.0.0.1", own));
  CHECK_FALSE(announcement.is_ours("PYRO:Pyro.NameServer@192.0.2.1:9091", "192.0.2.1", own));
  CHECK_FALSE(announcement.is_ours("PYRO:Pyro.NameServer@192.0.2.2:9090", "192.0.2.1", own));
  CHECK_FALSE(announcement.is_ours("PYRO:Pyro.NameServer@127.0.0.1:9090", "192.0.2.2", own));
}

}  // namespace hearth
