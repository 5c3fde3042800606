/// Accepting: a listener on loopback that keeps what it accepts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/loop/stream.h"
#include "tests/support/socket_peer.h"

namespace hearth {

class Accepting {
 public:
  explicit Accepting(Loop& loop) : Accepting(loop, listen_tcp(loop, "127.0.0.1", 0)) {}
  Accepting(Loop& loop, const std::string& path) : Accepting(loop, listen_unix(loop, path)) {}

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
  Accepting(Loop& loop, Result<std::unique_ptr<Listener>> listener) : loop_(loop) {
    HEARTH_CHECK(listener.has_value());
    listener_ = std::move(*listener);
    const auto started = listener_->start([this](std::unique_ptr<Stream> stream) {
      streams_.push_back(std::move(stream));
      loop_.stop();
    });
    HEARTH_CHECK(started.has_value());
  }

  Loop& loop_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace hearth
