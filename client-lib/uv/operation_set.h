/// OperationSet: the operations that an object has under way and that take several steps; they end with it, untold.
///
/// Layer: client-lib/uv, private (no sockets).        Thread rule: the thread of the loop.
/// An Op is a class whose constructor begins it and whose last parameter is the callback with the result; its destructor gives up.
/// It calls back at most once, never from inside its constructor, as the last thing that it does.
#pragma once

#include <hearth/uv/request.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace hearth::uv {

/// Cancels an operation at its end.
class ScopedOperation {
 public:
  ScopedOperation() = default;
  ~ScopedOperation() { operation_.cancel(); }
  ScopedOperation(const ScopedOperation&) = delete;
  ScopedOperation& operator=(const ScopedOperation&) = delete;
  ScopedOperation& operator=(Operation operation) {
    std::exchange(operation_, std::move(operation)).cancel();
    return *this;
  }

 private:
  Operation operation_;
};

class OperationSet {
 public:
  template <class Op, class Callback, class... Arguments>
  Operation start(Callback done, Arguments&&... arguments) {
    const std::uint64_t id = ++last_id_;
    auto running = std::make_shared<Running<Op>>(*this, id);
    running_.emplace(id, running);
    running->op.emplace(std::forward<Arguments>(arguments)..., [this, id, done = std::move(done)](auto result) {
      const auto finished = running_.extract(id);  // lives until it has returned
      done(std::move(result));
    });
    return Operation(running);
  }

  /// What the operations hold may do anything when it goes.
  void clear() { const auto dropped = std::exchange(running_, {}); }

 private:
  template <class Op>
  class Running final : public detail::OperationState {
   public:
    Running(OperationSet& set, std::uint64_t id) : set_(set), id_(id) {}
    void cancel() override { const auto dropped = set_.running_.extract(id_); }

    std::optional<Op> op;

   private:
    OperationSet& set_;
    const std::uint64_t id_;
  };

  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<detail::OperationState>> running_;
};

}  // namespace hearth::uv
