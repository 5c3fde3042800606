#include "protocol/loop/timer.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace hearth {

TEST_CASE("timer: the earlier one comes first, whichever was started first") {
  Loop loop;
  std::string order;
  Timer late(loop, [&] { order += 'b'; });
  Timer early(loop, [&] { order += 'a'; });
  late.start_once(30);
  early.start_once(5);
  loop.run();
  CHECK(order == "ab");
}

TEST_CASE("timer: start_every repeats until stop(), which works from inside the callback") {
  Loop loop;
  int ticks = 0;
  std::optional<Timer> timer;
  timer.emplace(loop, [&] {
    if (++ticks == 3) timer->stop();
  });
  timer->start_every(1);
  loop.run();
  CHECK(ticks == 3);
}

TEST_CASE("timer: starting again moves the one deadline") {
  Loop loop;
  int calls = 0;
  Timer timer(loop, [&] { ++calls; });
  timer.start_once(1000000);
  timer.start_once(1);
  loop.run();
  CHECK(calls == 1);
}

TEST_CASE("timer: its time is counted from the call, not from a turn of the loop that began long ago") {
  using Clock = std::chrono::steady_clock;
  Loop loop;
  const std::uint64_t began_ms = loop.now_ms();
  const auto until = Clock::now() + std::chrono::milliseconds(20);
  while (Clock::now() < until) std::this_thread::yield();  // work that takes that long
  Timer timer(loop, [] {});
  timer.start_once(1000000);
  CHECK(loop.now_ms() >= began_ms + 15);
  timer.stop();
}

TEST_CASE("timer: may be destroyed from inside its own callback, whose captures live to its end") {
  Loop loop;
  std::string seen;
  std::unique_ptr<Timer> timer;
  const auto captured = std::make_shared<std::string>("captured, and long enough to be on the heap");
  timer = std::make_unique<Timer>(loop, [&timer, &seen, captured] {
    timer.reset();
    seen = *captured;
  });
  timer->start_every(1);
  loop.run();
  CHECK(seen == *captured);
  CHECK(captured.use_count() == 1);
}

TEST_CASE("signal watch: gets the signal, and does not keep the loop alive") {
  Loop loop;
  int received = 0;
  SignalWatch watch(loop, SIGUSR1, [&] {
    ++received;
    loop.stop();
  });
  loop.run();
  CHECK(received == 0);
  Timer keeps_alive(loop, [] {});
  keeps_alive.start_once(20000);
  std::raise(SIGUSR1);
  loop.run();
  CHECK(received == 1);
}

}  // namespace hearth
