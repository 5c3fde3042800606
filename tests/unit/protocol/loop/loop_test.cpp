#include "protocol/loop/loop.h"

#include <doctest/doctest.h>
#include <uv.h>

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

namespace {

/// The loop of a program that has one already.
struct LentLoop {
  LentLoop() { REQUIRE(uv_loop_init(&loop) == 0); }
  ~LentLoop() {
    run();
    CHECK(uv_loop_close(&loop) == 0);
  }
  LentLoop(const LentLoop&) = delete;
  LentLoop& operator=(const LentLoop&) = delete;

  /// Until nothing is left to wait for.
  void run() { uv_run(&loop, UV_RUN_DEFAULT); }

  uv_loop_t loop{};
};

}  // namespace

TEST_CASE("loop: a lent one is left as it was found, once it has run again") {
  LentLoop lent;
  int users_data = 0;
  uv_loop_set_data(&lent.loop, &users_data);
  {
    Loop loop(&lent.loop);
    lent.run();
    CHECK(uv_loop_alive(&lent.loop) == 0);  // by itself it keeps no program from ending
  }
  CHECK(uv_loop_get_data(&lent.loop) == &users_data);
}

TEST_CASE("loop: what is retired on a lent loop is buried by it, if nothing else happens there either") {
  std::vector<std::string> log;
  LentLoop lent;
  Loop loop(&lent.loop);
  loop.retire(std::make_unique<Mourned>(log, "retired"));
  lent.run();
  CHECK(log == std::vector<std::string>{"retired"});
  CHECK(uv_loop_alive(&lent.loop) == 0);
}

TEST_CASE("loop: a lent one may be left inside a callback; what is retired outlives the callback all the same") {
  std::vector<std::string> log;
  LentLoop lent;
  auto loop = std::make_unique<Loop>(&lent.loop);
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(*loop, [&] {
    loop->retire(std::make_unique<Mourned>(log, "retired"));
    timer.reset();
    loop.reset();
    log.push_back("callback ends");
  });
  timer->start_once(0);
  lent.run();
  CHECK(log == std::vector<std::string>{"callback ends", "retired"});
}

TEST_CASE("loop: a lent one may be left by what is buried on it") {
  struct Owner final : Retirable {
    explicit Owner(uv_loop_t* lent) : loop(std::make_unique<Loop>(lent)) {}
    std::unique_ptr<Loop> loop;
  };
  LentLoop lent;
  auto owner = std::make_unique<Owner>(&lent.loop);
  Loop& loop = *owner->loop;
  loop.retire(std::move(owner));
  lent.run();
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
