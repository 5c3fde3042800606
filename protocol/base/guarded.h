/// Guarded<T>: data that cannot be reached without its lock.
///
/// Layer: base.        Thread rule: any thread.
#pragma once

#include <mutex>
#include <utility>

namespace hearth {

template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : data_(std::forward<Args>(args)...) {}

  /// Runs `use(data)` under the lock and gives back what it returns. Do not let a reference to the data escape.
  template <class Use>
  decltype(auto) with(Use&& use) {
    const std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(data_);
  }

  /// Waits, without the lock, until `ready(data)` holds; then runs `use(data)` under the lock. Woken by notify().
  template <class Condition, class Ready, class Use>
  decltype(auto) wait(Condition& condition, Ready ready, Use&& use) {
    std::unique_lock lock(mutex_);
    condition.wait(lock, [&] { return ready(data_); });
    return std::forward<Use>(use)(data_);
  }

  /// The same until a moment at the latest: then `use(data)` runs though `ready(data)` does not hold.
  template <class Condition, class Moment, class Ready, class Use>
  decltype(auto) wait_until(Condition& condition, Moment moment, Ready ready, Use&& use) {
    std::unique_lock lock(mutex_);
    condition.wait_until(lock, moment, [&] { return ready(data_); });
    return std::forward<Use>(use)(data_);
  }

 private:
  std::mutex mutex_;
  T data_;
};

}  // namespace hearth
