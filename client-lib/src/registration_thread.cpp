#include <hearth/registration_thread.h>

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
    registration_.interrupt();
    thread_.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

 private:
  void run() {
    while (registration_.wait()) {
      const ClientResult<Kept> outcome = registration_.keep();
      if (!registration_.is_interrupted()) tell(outcome);
    }
  }

  void tell(const ClientResult<Kept>& outcome) {
    std::optional<std::string> trouble;
    if (!outcome) trouble = outcome.error().text;
    const bool is_news = trouble != trouble_ || outcome == Kept::renewed;
    trouble_ = std::move(trouble);
    if (is_news && on_change_) on_change_(outcome);
  }

  StandingRegistration registration_;  ///< the thread's, but for interrupt()
  std::function<void(const ClientResult<Kept>& outcome)> on_change_;
  std::optional<std::string> trouble_;  ///< of the last look
  std::thread thread_;                  ///< last: it uses all of the above
};

RegistrationThread::RegistrationThread(StandingRegistration registration,
                                       std::function<void(const ClientResult<Kept>& outcome)> on_change)
    : state_(std::make_unique<State>(std::move(registration), std::move(on_change))) {}
RegistrationThread::RegistrationThread(RegistrationThread&&) noexcept = default;
RegistrationThread& RegistrationThread::operator=(RegistrationThread&&) noexcept = default;
RegistrationThread::~RegistrationThread() = default;

}  // namespace hearth
