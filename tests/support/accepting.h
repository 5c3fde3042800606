/// Accepting: a listener on loopback that keeps what it accepts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/loop/listener.h"
#include "tests/support/listening.h"
#include "tests/support/socket_peer.h"

namespace hearth {

class Accepting {
 public:
  explicit Accepting(Loop& loop) : Accepting(loop, listen_on_loopback(loop)) {}
  Accepting(Loop& loop, const std::string& path) : Accepting(loop, unix_listener(loop, path)) {}

  Accepting(Loop& loop, std::unique_ptr<Listener> listener) : loop_(loop), listener_(std::move(listener)) {
    const auto started = listener_->start([this](std::unique_ptr<Stream> stream) {
      streams_.push_back(std::move(stream));
      loop_.stop();
    });
    HEARTH_CHECK(started.has_value());
  }

  [[nodiscard]] Listener& listener() { return *listener_; }
  [[nodiscard]] std::uint16_t port() const { return listener_->bound_port(); }
  [[nodiscard]] std::vector<std::unique_ptr<Stream>>& streams() { return streams_; }

  /// The next connection, which a peer has made or is about to make.
  [[nodiscard]] std::unique_ptr<Stream> next() {
    run_until(loop_, [this] { return !streams_.empty(); });
    std::unique_ptr<Stream> stream = std::move(streams_.front());
    streams_.erase(streams_.begin());
    return stream;
  }

 private:
  static std::unique_ptr<Listener> unix_listener(Loop& loop, const std::string& path) {
    auto listening = listen_unix(loop, path);
    HEARTH_CHECK(listening.has_value());
    return std::move(*listening);
  }

  Loop& loop_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace hearth
