#include "protocol/loop/listening_sockets.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <string>
#include <vector>

#include "tests/support/scripted_server.h"
#include "tests/support/temp_dir.h"

namespace hearth {

TEST_CASE("listening sockets: each has a number of its own, whatever is connected to it") {
  TempDir dir;
  const RawListener one;
  const RawListener other;
  const RawListener local(dir / "a socket");
  std::vector<SocketPeer> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(SocketPeer::connected_to(one.port()));
  const std::string place = "127.0.0.1:" + std::to_string(one.port());
  const auto sockets = ListeningSockets::now();
  const SocketInodes inodes = sockets.at(place);
  REQUIRE(inodes.size() == 1);
  CHECK(inodes != sockets.at("127.0.0.1:" + std::to_string(other.port())));
  CHECK(sockets.at("./u:" + dir / "a socket").size() == 1);
  CHECK(sockets.at("127.0.0.2:" + std::to_string(one.port())).empty());
  CHECK(ListeningSockets::now().at(place) == inodes);
}

TEST_CASE("listening sockets: another program at the same place is another socket") {
  TempDir dir;
  const std::string place = "./u:" + dir / "socket";
  SocketInodes before;
  {
    const RawListener first(dir / "socket");
    before = ListeningSockets::now().at(place);
  }
  CHECK(ListeningSockets::now().at(place).empty());
  std::filesystem::remove(dir / "socket");
  const RawListener second(dir / "socket");
  const SocketInodes after = ListeningSockets::now().at(place);
  REQUIRE(after.size() == 1);
  CHECK_FALSE(have_common_socket(before, after));
}

TEST_CASE("listening sockets: those on every address count for ours, not for those of others") {
  ListeningSockets sockets;
  sockets.add_tcp("0.0.0.0", 1000, 11);
  sockets.add_tcp("::", 1000, 12);
  sockets.add_tcp("192.0.2.1", 1000, 13);
  sockets.add_tcp("::1", 2000, 14);
  sockets.add_address("192.0.2.1");
  CHECK(sockets.at("127.0.0.1:1000") == SocketInodes{11, 12});
  CHECK(sockets.at("192.0.2.1:1000") == SocketInodes{11, 12, 13});
  CHECK(sockets.at("192.0.2.2:1000").empty());
  CHECK(sockets.at("[::1]:2000") == SocketInodes{14});
  CHECK(sockets.at("[::1]:2001").empty());
  CHECK(sockets.at("nonsense").empty());
  CHECK(have_common_socket({1, 2}, {3, 2}));
  CHECK_FALSE(have_common_socket({1, 2}, {3}));
  CHECK_FALSE(have_common_socket({}, {}));
}

}  // namespace hearth
