/// OnLoop: a loop and a Client on it, for tests that wait for answers.
///
/// Destroyed, it runs the loop until nothing is open any more: a handle that was leaked makes the test hang or abort.
#pragma once

#include <hearth/uv/client.h>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <utility>

#include "protocol/loop/loop.h"
#include "protocol/loop/timer.h"

namespace hearth::test {

class OnLoop {
 public:
  explicit OnLoop(ClientSettings settings = {})
      : client_(std::make_unique<uv::Client>(loop_.uv(), std::move(settings))),
        waker_(std::make_unique<Waker>(loop_, [this] { loop_.stop(); })) {}

  [[nodiscard]] uv::Client& client() { return *client_; }

  /// Runs the loop until it is answered.
  template <class T, class E>
  typename uv::Request<T, E>::Result answer_to(uv::Request<T, E> request) {
    std::optional<typename uv::Request<T, E>::Result> result;
    std::move(request).then([&](typename uv::Request<T, E>::Result told) {
      CHECK_FALSE(result.has_value());
      result.emplace(std::move(told));
      loop_.stop();
    });
    CHECK_FALSE(result.has_value());  // never from inside then()
    while (!result) run();
    return std::move(*result);
  }

  /// Until stop() or wake().
  void run() {
    waker_->keep_loop_alive(true);
    loop_.run();
    waker_->keep_loop_alive(false);
  }
  void stop() { loop_.stop(); }
  /// Any thread.
  void wake() { waker_->wake(); }

  /// What is due now gets its turn.
  void run_one_turn() {
    Timer timer(loop_, [this] { loop_.stop(); });
    timer.start_once(0);
    loop_.run();
  }

  /// Until nothing is open; without the Client.
  void run_to_the_end() {
    client_.reset();
    loop_.run();
  }
  void drop_client() { client_.reset(); }

 private:
  Loop loop_;
  std::unique_ptr<uv::Client> client_;
  std::unique_ptr<Waker> waker_;
};

}  // namespace hearth::test
