/// Engine: what all objects of one Client share, whichever of them lives longest.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: held by everything that may still need the loop, the retired included: it ends when the last of them is buried.
#pragma once

#include <hearth/client_settings.h>

#include <memory>
#include <utility>

#include "protocol/loop/loop.h"

namespace hearth::uv {

using SharedSettings = std::shared_ptr<const ClientSettings>;

class Engine {
 public:
  Engine(uv_loop_s* lent, ClientSettings settings)
      : loop_(lent), settings_(std::make_shared<const ClientSettings>(std::move(settings))) {}

  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] const SharedSettings& settings() const { return settings_; }

  /// Keeps it until none of its callbacks can be on the stack.
  void retire(std::shared_ptr<void> finished) { loop_.retire(std::make_unique<Retired>(std::move(finished))); }

 private:
  struct Retired final : Retirable {
    explicit Retired(std::shared_ptr<void> what) : finished(std::move(what)) {}
    std::shared_ptr<void> finished;
  };

  Loop loop_;
  const SharedSettings settings_;
};

}  // namespace hearth::uv
