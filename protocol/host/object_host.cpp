#include "protocol/host/object_host.h"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/base/source_budget.h"
#include "protocol/base/throttle.h"
#include "protocol/host/connection.h"
#include "protocol/host/connection_quota.h"
#include "protocol/host/deadlines.h"

namespace hearth {
namespace {

constexpr std::uint32_t calls_burst_s = 10;
constexpr std::uint32_t callers_max =
    10000;  ///< sources that are remembered; beyond it those who are silent start afresh

SourceBudget::Settings calls_of(const Limits& limits) {
  const std::uint32_t per_second = limits.source_calls_per_second_max;
  return {per_second, std::uint64_t{per_second} * calls_burst_s, callers_max};
}

}  // namespace

class ObjectHost::Impl final : public ReplySink, private Connection::Owner, private LargeReplies::Owner {
 public:
  Impl(Loop& loop, const SessionSettings& settings, const ObjectTable& objects)
      : loop_(loop),
        deadlines_(loop, [this](ConnectionId id) { on_deadline(id); }),
        final_timer_(loop, [this] { finish_closing(); }),
        room_timer_(loop, [this] { update_accepting(); }),
        turns_(loop, [this] { give_turns(); }),
        large_replies_(settings.limits, *this),
        quota_(settings.limits),
        calls_(std::in_place, calls_of(settings.limits)),
        shared_{settings, objects, *this, large_replies_, deadlines_, *this} {}

  ~Impl() override { drop_all({}); }

  Result<void> serve(std::unique_ptr<Listener> listener) {
    HEARTH_CHECK(phase_ == Phase::serving);
    auto started = listener->start([this](std::unique_ptr<Stream> stream) { accept(std::move(stream)); });
    if (started) listeners_.push_back(std::move(listener));
    return started;
  }

  void stop_accepting() {
    loop_.assert_on_loop_thread();
    if (phase_ != Phase::serving) return;
    phase_ = Phase::stopping;
    room_timer_.stop();
    for (const auto& listener : listeners_) listener->close();
    for_each_connection([](Connection& connection) { connection.stop_serving(); });
  }

  void close(std::function<void()> closed) {
    stop_accepting();
    HEARTH_CHECK(phase_ == Phase::stopping);
    phase_ = Phase::closing;
    closed_ = std::move(closed);
    for_each_connection([](Connection& connection) { connection.close_when_sent(); });
    final_timer_.start_once(connections_.empty() ? 0 : limits().shutdown_flush_ms);
  }

  void reply(ConnectionId id, std::uint64_t call_number, CallResult result) override {
    loop_.assert_on_loop_thread();
    const auto found = connections_.find(id);
    if (found != connections_.end()) found->second->answer(call_number, std::move(result));
  }

  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  void limits_changed() {
    loop_.assert_on_loop_thread();
    update_accepting();
    large_replies_.limits_changed();
    calls_.emplace(calls_of(limits()));  // who was in debt is forgiven
  }

 private:
  enum class Phase : unsigned char { serving, stopping, closing, closed };

  [[nodiscard]] const Limits& limits() const { return shared_.settings.limits; }

  /// A waker and not a timer: libuv 1.44 runs a timer of 0 ms that is set in a timer again before it looks at any socket.
  void on_turn_wanted(ConnectionId id) override {
    turns_.wake();
    turn_queue_.push_back(id);
  }

  void on_place(ConnectionId id) override { on_turn_wanted(id); }
  void on_rubbish() override { turns_.wake(); }

  /// One each at most. Those for whom no time is left are the first the next time.
  void give_turns() {
    using Clock = Connection::Clock;
    auto now = Clock::now();
    const auto end = now + std::chrono::milliseconds(limits().turns_ms);
    bool has_rubbish = large_replies_.free_block();
    for (std::size_t left = turn_queue_.size(); left > 0; --left) {
      const auto found = connections_.find(turn_queue_.front());
      turn_queue_.pop_front();
      if (found != connections_.end()) found->second->take_turn(now + std::chrono::microseconds(pipelined_calls_us));
      now = Clock::now();
      if (now >= end) break;
    }
    while (has_rubbish && Clock::now() < end) has_rubbish = large_replies_.free_block();
    if (has_rubbish || !turn_queue_.empty()) turns_.wake();
  }

  void on_deadline(ConnectionId id) {
    const auto found = connections_.find(id);
    HEARTH_CHECK(found != connections_.end());  // a connection takes its deadline with it
    found->second->on_deadline();
  }

  /// `use` may end the connection that it is given, no other.
  template <class Use>
  void for_each_connection(Use use) {
    for (auto next = connections_.begin(); next != connections_.end();) {
      Connection& connection = *next->second;
      ++next;
      use(connection);
    }
  }

  void accept(std::unique_ptr<Stream> stream) {
    const ConnectionId id = ++last_id_;
    auto made = std::make_unique<Connection>(shared_, id, std::move(stream));
    Connection& connection = *made;
    connections_.emplace(id, std::move(made));
    if (log_enabled(LogLevel::debug, LogCategory::net)) {
      log(LogLevel::debug, LogCategory::net, fmt::format("c#{} accepted from {}", id, connection.peer_address()));
    }
    const auto too_many = quota_.enter(id, source_of_peer(connection.peer_address()), loop_.now_ms());
    connection.start();
    if (too_many) {
      drop(*too_many, fmt::format("its source has {} connections, the maximum (connections-per-source-max)",
                                  limits().connections_per_source_max));
    }
    update_accepting();
  }

  void drop(ConnectionId id, const std::string& fault) {
    const auto found = connections_.find(id);
    HEARTH_CHECK(found != connections_.end());  // the quota knows nobody else
    remove(*found->second, fault);
  }

  [[nodiscard]] bool is_full() const { return connections_.size() >= limits().connections_max; }

  /// Those without a handshake give way to others, but not before they can have sent one.
  void update_accepting() {
    if (phase_ != Phase::serving) return;
    while (is_full()) {
      const auto stranger = quota_.oldest_stranger();
      if (!stranger) break;
      const std::uint64_t end_ms = stranger->entered_ms + limits().stranger_grace_ms;
      if (loop_.now_ms() < end_ms) {
        room_timer_.start_once(end_ms - loop_.now_ms());
        break;
      }
      drop(stranger->connection, "no handshake, and its place is wanted (connections-max)");
    }
    if (is_full() == std::exchange(is_paused_, is_full())) return;
    for (const auto& listener : listeners_) is_paused_ ? listener->pause_accepting() : listener->resume_accepting();
    if (!is_paused_) return;
    const std::string text = fmt::format("{} connections, the maximum: new ones wait", connections_.size());
    full_throttle_.write(loop_.now_ms(), LogLevel::warning, LogCategory::net, text);
  }

  void on_handshake(const Connection& connection) override { quota_.shake_hands(connection.id()); }

  std::uint64_t on_calls(const Connection& connection, std::uint64_t count) override {
    if (limits().source_calls_per_second_max == 0) return 0;
    return calls_->charge(source_of_peer(connection.peer_address()), count, loop_.now_ms());
  }

  void on_over(Connection& connection, const std::string& fault) override {
    remove(connection, fault);
    if (is_paused_) update_accepting();
  }

  void remove(Connection& connection, const std::string& fault) {
    auto node = connections_.extract(connection.id());
    if (node.empty()) return;  // it was over already
    quota_.leave(connection.id());
    log_end(connection, fault);
    connection.close();
    loop_.retire(std::move(node.mapped()));
    if (phase_ == Phase::closing && connections_.empty()) final_timer_.start_once(0);
  }

  void on_refused(const Connection& connection, const std::string& fault) override {
    const std::string text = fmt::format("c#{} {} refused: {}", connection.id(), connection.peer_address(), fault);
    fault_throttle_.write(loop_.now_ms(), LogLevel::info, LogCategory::net, text);
  }

  void log_end(const Connection& connection, const std::string& fault) {
    if (!fault.empty()) {
      const std::string text = fmt::format("c#{} {} dropped: {}", connection.id(), connection.peer_address(), fault);
      fault_throttle_.write(loop_.now_ms(), LogLevel::info, LogCategory::net, text);
    } else if (log_enabled(LogLevel::debug, LogCategory::net)) {
      log(LogLevel::debug, LogCategory::net, fmt::format("c#{} closed", connection.id()));
    }
  }

  void drop_all(const std::string& fault) {
    for_each_connection([&](Connection& connection) { on_over(connection, fault); });
  }

  void finish_closing() {
    phase_ = Phase::closed;
    drop_all("did not take its last reply before the end");
    const std::function<void()> closed = std::move(closed_);
    closed();  // may destroy this
  }

  Loop& loop_;
  Deadlines deadlines_;
  Timer final_timer_;
  Timer room_timer_;
  Waker turns_;
  std::deque<ConnectionId> turn_queue_;  ///< who has something left to do, in the order of asking
  LargeReplies large_replies_;
  ConnectionQuota quota_;
  std::optional<SourceBudget> calls_;  ///< that each source may still make
  LogThrottle fault_throttle_;
  LogThrottle full_throttle_;
  const Connection::Shared shared_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_map<ConnectionId, std::unique_ptr<Connection>> connections_;
  ConnectionId last_id_ = 0;
  Phase phase_ = Phase::serving;
  bool is_paused_ = false;  ///< the listeners: no room
  std::function<void()> closed_;
};

ObjectHost::ObjectHost(Loop& loop, const SessionSettings& settings, const ObjectTable& objects)
    : impl_(std::make_unique<Impl>(loop, settings, objects)) {}
ObjectHost::~ObjectHost() = default;

Result<void> ObjectHost::serve(std::unique_ptr<Listener> listener) { return impl_->serve(std::move(listener)); }
void ObjectHost::stop_accepting() { impl_->stop_accepting(); }
void ObjectHost::close(std::function<void()> closed) { impl_->close(std::move(closed)); }
std::size_t ObjectHost::connections() const { return impl_->connections(); }
void ObjectHost::limits_changed() { impl_->limits_changed(); }

}  // namespace hearth
