#include "nameserver/upkeep/location_memory.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {
namespace {

constexpr const char* here = "127.0.0.1:1";
constexpr std::uint64_t probe_again_ms = 60000;

/// One location, and the sockets that listen there before and after its probes.
struct Weighing {
  Weighing() { limits.autoclean_silent_probe_ms = probe_again_ms; }

  static ListeningSockets listening(std::uint64_t inode) {
    ListeningSockets sockets;
    if (inode != 0) sockets.add_tcp("127.0.0.1", 1, inode);
    return sockets;
  }
  Finding weigh(Reach reach, std::uint64_t inode_before, std::uint64_t inode_after) {
    result = {.reach = reach, .reason = "as probed", .place = reach == Reach::no_answer ? "" : here};
    return memory.weigh(location, result, {listening(inode_before), listening(inode_after)}, now_ms);
  }
  Finding weigh(Reach reach, std::uint64_t inode) { return weigh(reach, inode, inode); }

  Limits limits;
  LocationMemory memory{limits};
  Location location = target_of("PYRO:o@localhost:1")->location;
  ProbeResult result;
  std::uint64_t now_ms = 1000;
};

}  // namespace

TEST_CASE("location memory: without a witness silence is silence, and no answer means missing") {
  Weighing test;
  CHECK(test.weigh(Reach::answers, 0) == Finding::alive);
  CHECK(test.weigh(Reach::silent, 0) == Finding::silent);
  CHECK(test.weigh(Reach::gone, 0) == Finding::missing);
  CHECK(test.weigh(Reach::no_answer, 0) == Finding::missing);
  CHECK(test.result.reason == "as probed");
}

TEST_CASE("location memory: a server that has been silent and does not even answer may have a full queue") {
  Weighing test;
  CHECK(test.weigh(Reach::silent, 0) == Finding::silent);
  CHECK(test.weigh(Reach::no_answer, 0) == Finding::silent);
  CHECK(test.weigh(Reach::gone, 0) == Finding::missing);
  CHECK(test.weigh(Reach::no_answer, 0) == Finding::missing);
}

TEST_CASE("location memory: the socket that answered before is the same server, another one is not") {
  Weighing test;
  CHECK(test.weigh(Reach::answers, 7) == Finding::alive);
  CHECK(test.weigh(Reach::silent, 7) == Finding::alive);
  CHECK(test.weigh(Reach::no_answer, 7) == Finding::alive);
  CHECK(test.weigh(Reach::silent, 8) == Finding::missing);
  CHECK(test.result.reason.find("another program") == 0);
  CHECK(test.weigh(Reach::silent, 8) == Finding::missing);
  CHECK(test.weigh(Reach::answers, 8) == Finding::alive);
  CHECK(test.weigh(Reach::silent, 8) == Finding::alive);
}

TEST_CASE("location memory: a busy server counts from the first time it is seen") {
  Weighing silent;
  CHECK(silent.weigh(Reach::silent, 7) == Finding::alive);
  CHECK(silent.weigh(Reach::silent, 8) == Finding::missing);
  Weighing full;
  CHECK(full.weigh(Reach::no_answer, 7) == Finding::alive);
  CHECK(full.weigh(Reach::no_answer, 8) == Finding::missing);
}

TEST_CASE("location memory: a socket that changed while it was probed is no witness") {
  Weighing test;
  CHECK(test.weigh(Reach::answers, 7, 8) == Finding::alive);
  CHECK(test.weigh(Reach::silent, 8, 9) == Finding::silent);
  CHECK(test.weigh(Reach::silent, 9) == Finding::alive);
}

TEST_CASE("location memory: after a registration there, whatever listens counts") {
  Weighing test;
  CHECK(test.weigh(Reach::answers, 7) == Finding::alive);
  test.memory.forget(test.location.text);
  CHECK(test.weigh(Reach::silent, 8) == Finding::alive);
}

TEST_CASE("location memory: who is silent rests, unless another socket listens there") {
  Weighing test;
  const auto rests = [&](std::uint64_t inode) {
    return test.memory.is_resting(test.location, Weighing::listening(inode), test.now_ms);
  };
  CHECK_FALSE(rests(7));
  CHECK(test.weigh(Reach::answers, 7) == Finding::alive);
  CHECK_FALSE(rests(7));
  CHECK(test.weigh(Reach::silent, 7) == Finding::alive);
  CHECK(rests(7));
  CHECK_FALSE(rests(8));
  CHECK_FALSE(rests(0));
  test.now_ms += probe_again_ms - 1;
  CHECK(rests(7));
  ProbeResult resting = LocationMemory::resting_result();
  CHECK(test.memory.weigh(test.location, resting, {Weighing::listening(7), Weighing::listening(7)}, test.now_ms) ==
        Finding::alive);
  test.now_ms += 1;
  CHECK_FALSE(rests(7));
}

TEST_CASE("location memory: the dialect that worked is tried first, until the location is forgotten") {
  Weighing test;
  CHECK(test.memory.dialect(test.location) == Dialect::pyro5);
  ProbeResult result{.dialect = Dialect::pyro4};
  CHECK(test.memory.weigh(test.location, result, {}, test.now_ms) == Finding::alive);
  CHECK(test.memory.dialect(test.location) == Dialect::pyro4);
  CHECK(test.weigh(Reach::gone, 0) == Finding::missing);
  test.memory.end_round();
  CHECK(test.memory.dialect(test.location) == Dialect::pyro4);
  test.memory.end_round();  // in which nobody has weighed it
  CHECK(test.memory.is_empty());
}

TEST_CASE("location memory: a confirmation lasts until the location answers") {
  Weighing test;
  test.memory.confirm_dead(test.location.text);
  CHECK(test.weigh(Reach::gone, 0) == Finding::missing);
  CHECK(test.memory.is_confirmed_dead(test.location));
  CHECK(test.weigh(Reach::answers, 0) == Finding::alive);
  CHECK_FALSE(test.memory.is_confirmed_dead(test.location));
}

}  // namespace hearth
