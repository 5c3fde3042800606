#include <hearth/registration_thread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace hearth {

class RegistrationThread::State {
 public:
  State(StandingRegistration registration, std::function<void(const ClientResult<Kept>& outcome)> on_change)
      : registration_(std::move(registration)), on_change_(std::move(on_change)), thread_([this] { run(); }) {}

  ~State() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    news_.notify_all();
    thread_.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

 private:
  void run() {
    while (wait()) tell(registration_.keep());
  }

  /// Until the next look; false: it is over.
  bool wait() {
    std::unique_lock lock(mutex_);
    const auto wait = std::chrono::milliseconds(registration_.due_in_ms());
    return !news_.wait_for(lock, wait, [this] { return is_stopping_; });
  }

  void tell(const ClientResult<Kept>& outcome) {
    std::optional<std::string> trouble;
    if (!outcome) trouble = outcome.error().text;
    const bool is_news = trouble != trouble_ || outcome == Kept::renewed;
    trouble_ = std::move(trouble);
    if (is_news && on_change_) on_change_(outcome);
  }

  // Only the thread touches these.
  StandingRegistration registration_;
  std::function<void(const ClientResult<Kept>& outcome)> on_change_;
  std::optional<std::string> trouble_;  ///< of the last look

  std::mutex mutex_;
  std::condition_variable news_;
  bool is_stopping_ = false;  ///< guarded by mutex_
  std::thread thread_;        ///< last: it uses all of the above
};

RegistrationThread::RegistrationThread(StandingRegistration registration,
                                       std::function<void(const ClientResult<Kept>& outcome)> on_change)
    : state_(std::make_unique<State>(std::move(registration), std::move(on_change))) {}
RegistrationThread::RegistrationThread(RegistrationThread&&) noexcept = default;
RegistrationThread& RegistrationThread::operator=(RegistrationThread&&) noexcept = default;
RegistrationThread::~RegistrationThread() = default;

}  // namespace hearth
