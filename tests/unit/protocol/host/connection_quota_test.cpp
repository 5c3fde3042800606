#include "protocol/host/connection_quota.h"

#include <doctest/doctest.h>

namespace hearth {
namespace {

TEST_CASE("the oldest connection that has not shaken hands goes when its source has too many, whoever else is there") {
  Limits limits;
  limits.connections_per_source_max = 2;
  ConnectionQuota quota(limits);
  CHECK_FALSE(quota.enter(1, "other", 0));
  CHECK_FALSE(quota.enter(2, "full", 0));
  CHECK_FALSE(quota.enter(3, "full", 0));
  quota.shake_hands(2);
  CHECK(quota.enter(4, "full", 0) == 3);
  quota.leave(3);
  quota.shake_hands(4);
  CHECK(quota.enter(5, "full", 0) == 5);
  quota.leave(5);
  CHECK_FALSE(quota.enter(6, "other", 0));
  quota.leave(2);
  CHECK_FALSE(quota.enter(7, "full", 0));
}

TEST_CASE("the oldest stranger of all is known, and when it came") {
  const Limits limits;
  ConnectionQuota quota(limits);
  CHECK_FALSE(quota.oldest_stranger());
  for (const ConnectionId id : {1U, 2U, 3U}) CHECK_FALSE(quota.enter(id, "source", 100 * id));
  CHECK(quota.oldest_stranger()->connection == 1);
  CHECK(quota.oldest_stranger()->entered_ms == 100);
  quota.shake_hands(1);
  quota.shake_hands(1);
  quota.leave(2);
  quota.leave(2);
  CHECK(quota.oldest_stranger()->connection == 3);
  CHECK(quota.oldest_stranger()->entered_ms == 300);
  quota.leave(3);
  CHECK_FALSE(quota.oldest_stranger());
}

TEST_CASE("a source is an IPv4 address, a /64 network, or all of the Unix socket") {
  CHECK(source_of_peer("192.0.2.7:50123") == "192.0.2.7");
  CHECK(source_of_peer("[2001:db8:1:2:3:4:5:6]:50123") == "2001:db8:1:2::/64");
  CHECK(source_of_peer("[2001:db8:1:2::1]:9") == "2001:db8:1:2::/64");
  CHECK(source_of_peer("[fe80::1%eth0]:9") == "fe80::/64");
  CHECK(source_of_peer("[::1]:9") == "::/64");
  CHECK(source_of_peer("unix socket") == "unix socket");
}

}  // namespace
}  // namespace hearth
