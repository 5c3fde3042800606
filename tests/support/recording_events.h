/// RecordingEvents: notes what a Stream reports, and stops the loop at each report so that the test can look.
#pragma once

#include <optional>
#include <string>

#include "protocol/loop/stream.h"

namespace hearth {

class RecordingEvents final : public StreamEvents {
 public:
  explicit RecordingEvents(Loop& loop) : loop_(loop) {}

  void on_bytes(BytesView bytes) override {
    received.append(bytes);
    loop_.stop();
  }
  void on_end(const std::optional<Error>& error) override {
    error ? ++failures : ++ends;
    if (error) failure = *error;
    loop_.stop();
  }
  void on_drained() override {
    ++drains;
    loop_.stop();
  }

  std::string received;
  int ends = 0;  ///< orderly ones
  int failures = 0;
  std::optional<Error> failure;
  int drains = 0;

 private:
  Loop& loop_;
};

}  // namespace hearth
