#include "protocol/loop/loop.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "protocol/base/guarded.h"
#include "protocol/loop/timer.h"

namespace hearth {
namespace {

/// Notes its own end, and may retire another one from there.
class Mourned final : public Retirable {
 public:
  Mourned(std::vector<std::string>& log, std::string name) : log_(log), name_(std::move(name)) {}
  ~Mourned() override {
    log_.push_back(name_);
    if (loop_ != nullptr) loop_->retire(std::move(next_));
  }
  void then_retire(Loop& loop, std::unique_ptr<Retirable> next) {
    loop_ = &loop;
    next_ = std::move(next);
  }

 private:
  std::vector<std::string>& log_;
  std::string name_;
  Loop* loop_ = nullptr;
  std::unique_ptr<Retirable> next_;
};

}  // namespace

TEST_CASE("loop: what is retired inside a callback outlives the callback and dies before the next one") {
  std::vector<std::string> log;
  Loop loop;
  Timer first(loop, [&] {
    auto finished = std::make_unique<Mourned>(log, "retired");
    finished->then_retire(loop, std::make_unique<Mourned>(log, "retired by the retired"));
    loop.retire(std::move(finished));
    log.push_back("callback ends");
  });
  Timer second(loop, [&] { log.push_back("later callback"); });
  first.start_once(0);
  second.start_once(20);
  loop.run();
  CHECK(log == std::vector<std::string>{"callback ends", "retired", "retired by the retired", "later callback"});
}

TEST_CASE("loop: what is retired without a turn left dies with the loop") {
  std::vector<std::string> log;
  {
    Loop loop;
    loop.retire(std::make_unique<Mourned>(log, "first"));
    loop.retire(std::make_unique<Mourned>(log, "second"));
    CHECK(log.empty());
  }
  CHECK(log == std::vector<std::string>{"first", "second"});
}

TEST_CASE("loop: run() returns when nothing is left to wait for, and after stop()") {
  Loop loop;
  loop.run();
  int ticks = 0;
  Timer timer(loop, [&] {
    if (++ticks == 3) loop.stop();
  });
  timer.start_every(1);
  loop.run();
  CHECK(ticks == 3);
}

TEST_CASE("loop: a stop() that nobody waited for does not keep the handles from being closed") {
  Loop loop;
  Timer timer(loop, [] {});
  timer.start_once(1000000);
  loop.stop();
}

TEST_CASE("waker: every wake from another thread is followed by a callback on the loop's thread") {
  constexpr int wakes = 20000;
  Loop loop;
  Guarded<int> sent{0};
  int seen = 0;
  bool on_loop_thread = true;
  const auto loop_thread = std::this_thread::get_id();
  Waker waker(loop, [&] {
    on_loop_thread = on_loop_thread && std::this_thread::get_id() == loop_thread;
    seen = sent.with([](int& count) { return count; });
    if (seen == wakes) loop.stop();
  });
  waker.keep_loop_alive(true);
  std::thread other([&] {
    for (int i = 0; i < wakes; ++i) {
      sent.with([](int& count) { ++count; });
      waker.wake();
    }
  });
  loop.run();
  other.join();
  CHECK(seen == wakes);
  CHECK(on_loop_thread);
}

TEST_CASE("waker: does not keep the loop alive unless told to") {
  Loop loop;
  bool woken = false;
  Waker waker(loop, [&] {
    woken = true;
    waker.keep_loop_alive(false);
  });
  loop.run();
  CHECK_FALSE(woken);
  waker.keep_loop_alive(true);
  std::thread other([&] { waker.wake(); });
  loop.run();
  other.join();
  CHECK(woken);
}

}  // namespace hearth
