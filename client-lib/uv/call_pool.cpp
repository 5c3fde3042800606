#include "client-lib/uv/call_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "client-lib/uv/resolving.h"
#include "protocol/rpc/item_stream.h"

namespace hearth::uv {
namespace {

constexpr std::string_view direct = "PYRO";

/// Nobody can connect to that.
std::optional<ClientError> objection(const Uri& uri) {
  if (uri.protocol != direct || uri.socket_path || (uri.host && uri.tcp_port())) return std::nullopt;
  return ClientError{ClientErrorKind::invalid, uri.text() + " names no place to connect to"};
}

/// What is cancelled gets no items either.
std::function<void(Value, Value)> while_wanted(const std::shared_ptr<Call>& call) {
  return [call](Value key, Value value) {
    if (call->is_wanted()) call->options.on_dict_item(std::move(key), std::move(value));
  };
}

}  // namespace

CallPool::CallPool(std::shared_ptr<Engine> engine, Uri uri, SharedSettings settings, std::uint32_t connections_max)
    : engine_(std::move(engine)),
      uri_(std::move(uri)),
      settings_(std::move(settings)),
      connections_max_(std::max(1U, connections_max)),
      connections_wanted_(connections_max_),
      turn_timer_(engine_->loop(),
                  [this] {
                    turn_ = Turn::none;
                    work();
                  }),
      patience_(engine_->loop(), [this] { on_patience_over(); }),
      backoff_(settings_->retry_wait_ms, settings_->retry_wait_ms_max),
      dialect_(settings_->first_dialect) {}

CallPool::~CallPool() = default;

Operation CallPool::start(Question question, CallOptions options, Call::Told told) {
  engine_->loop().assert_on_loop_thread();
  if (is_closed_) return {};
  const bool is_call = std::holds_alternative<Invocation>(question) || std::holds_alternative<ByDialect>(question);
  const bool has_end = is_call || std::holds_alternative<DaemonCall>(question);  // connecting has its own
  auto call = std::make_shared<Call>(std::move(question), std::move(options), std::move(told));
  if (const auto error = objection(uri_)) call->question = Known{tl::unexpected<ClientError>(*error)};
  work_soon();  // first, as it also makes the loop look at the clock
  const std::uint32_t timeout_ms = call->options.timeout_ms.value_or(has_end ? settings_->call_timeout_ms : 0);
  if (timeout_ms != 0) note_deadline(*(call->deadline_ms = engine_->loop().now_ms() + timeout_ms));
  if (is_call) call->repeats_left = call->options.retries.value_or(settings_->call_retries);
  waiting_.push_back(call);
  return Operation(call);
}

void CallPool::close_stream(std::uint64_t connection, std::string_view id) {
  start(DaemonCall{close_stream_call(id), connection}, {.oneway = true}, [](const ClientResult<Answer>&) {});
}

bool CallPool::send_at_once(Invocation invocation) {
  Connection* connection = any_ready();
  if (connection == nullptr) return false;
  CallValue value{connection->uri().object, std::move(invocation.method), std::move(invocation.args),
                  std::move(invocation.kwargs)};
  if (!connection->send(nullptr, std::move(value), {.oneway = true})) return false;
  connection->flush();
  return true;
}

// ---- what is to be done now

void CallPool::work_soon() {
  if (turn_ == Turn::due) return;
  turn_ = Turn::due;
  turn_timer_.start_once(0);
}

void CallPool::work() {
  Calls left;
  for (auto& call : std::exchange(waiting_, {})) {
    if (call->is_wanted() && !place(call)) left.push_back(std::move(call));
    if (is_closed_) return;
  }
  put_back(std::move(left));
  for (const auto& connection : connections_) connection->flush();
  const bool is_idle =
      waiting_.empty() && std::all_of(connections_.begin(), connections_.end(),
                                      [](const auto& connection) { return connection->unanswered().empty(); });
  if (!is_idle) return;
  patience_.stop();
  patience_ends_ms_.reset();
}

void CallPool::put_back(Calls calls) {
  waiting_.insert(waiting_.begin(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
}

/// False: it has to wait.
bool CallPool::place(const std::shared_ptr<Call>& call) {
  if (auto* known = std::get_if<Known>(&call->question)) {
    call->tell(std::move(known->answer).map([](Reply&& reply) { return Answer{std::move(reply)}; }));
    return true;
  }
  if (std::holds_alternative<DaemonCall>(call->question)) {
    hand_over_to_daemon(call);
    return true;
  }
  Connection* connection = std::holds_alternative<JustConnect>(call->question) ? any_ready() : nullptr;
  if (connection == nullptr) connection = choose();
  if (connection == nullptr) return false;
  hand_over(*connection, call);
  return true;
}

void CallPool::hand_over(Connection& connection, const std::shared_ptr<Call>& call) {
  const auto done = [&] { call->tell(Answer{CallResult(None{}), connection.number()}); };
  if (std::holds_alternative<JustConnect>(call->question)) return done();
  if (const auto* by_dialect = std::get_if<ByDialect>(&call->question)) {
    call->question = Question((*by_dialect)(connection.dialect()));
  }
  auto& asked = std::get<Invocation>(call->question);
  if (auto good = check_exposed(asked, connection.metadata(), connection.uri()); !good) {
    return call->tell(tl::unexpected<ClientError>(std::move(good.error())));
  }
  InvokeOptions how = invoke_options(asked, connection.metadata(), *settings_, call->options);
  if (how.on_dict_item) how.on_dict_item = while_wanted(call);
  const bool is_oneway = how.oneway;
  Invocation sent = call->repeats_left > 0 ? asked : std::move(asked);
  CallValue value{connection.uri().object, std::move(sent.method), std::move(sent.args), std::move(sent.kwargs)};
  auto good = connection.send(call, std::move(value), std::move(how));
  if (!good) return call->tell(tl::unexpected<ClientError>(std::move(good.error())));
  if (is_oneway) done();
}

void CallPool::hand_over_to_daemon(const std::shared_ptr<Call>& call) {
  auto& asked = std::get<DaemonCall>(call->question);
  Connection* connection = find(asked.connection);
  if (connection == nullptr) {
    return call->tell(fail(ClientErrorKind::unreachable, "the connection that the item stream belongs to is closed"));
  }
  const bool is_oneway = call->options.oneway;
  // Not the annotations of the settings: it is the daemon that is asked, not the object.
  auto good = connection->send(call, std::move(asked.call),
                               {.oneway = is_oneway, .annotations = std::move(call->options.annotations)});
  if (!good) return call->tell(tl::unexpected<ClientError>(std::move(good.error())));
  if (is_oneway) call->tell(Answer{CallResult(None{}), connection->number()});
}

// ---- answers

void CallPool::on_answer(Connection& connection, Call& call, Reply reply) {
  failures_ = 0;
  backoff_.reset();
  annotations_ = connection.annotations();
  if (!call.is_wanted()) {
    if (const auto* opened = std::get_if<ItemStreamOpened>(&reply)) close_stream(connection.number(), opened->id);
    return;
  }
  call.tell(Answer{std::move(reply), connection.number()});
}

void CallPool::on_read(Connection&) {
  drop_abandoned();
  work();  // what the callbacks have begun goes out in the same turn
}

void CallPool::release() {
  for (const auto& connection : connections_) {
    if (connection->is_ready()) connection->leave();
  }
  drop_abandoned();
}

void CallPool::close() {
  is_closed_ = true;
  on_lost_ = nullptr;
  turn_timer_.stop();
  patience_.stop();
  resolving_.reset();
  for (const auto& connection : connections_) connection->close();
  operations_.clear();
  // Calls go at the end, when nothing is left that what they hold could disturb.
  Calls dropped = std::exchange(waiting_, {});
  for (const auto& connection : connections_) {
    for (auto& call : connection->take_unanswered()) dropped.push_back(std::move(call));
  }
  for (const auto& call : dropped) call->cancel();
}

// ---- what takes too long

void CallPool::note_deadline(std::uint64_t deadline_ms) {
  if (patience_ends_ms_ && *patience_ends_ms_ <= deadline_ms) return;
  patience_ends_ms_ = deadline_ms;
  const std::uint64_t now_ms = engine_->loop().now_ms();
  patience_.start_once(deadline_ms > now_ms ? deadline_ms - now_ms : 0);
}

ClientError CallPool::late(bool was_sent) const {
  const std::string where = uri_.location() && uri_.protocol == direct ? *uri_.location() : uri_.text();
  return {ClientErrorKind::timeout,
          was_sent ? where + " did not answer in time" : "no connection to " + where + " in time"};
}

void CallPool::on_patience_over() {
  patience_ends_ms_.reset();
  const std::uint64_t now_ms = engine_->loop().now_ms();
  std::vector<std::pair<std::shared_ptr<Call>, bool>> due;
  const auto look_at = [&](const std::shared_ptr<Call>& call, bool was_sent) {
    if (!call->deadline_ms) return false;
    if (*call->deadline_ms > now_ms) {
      note_deadline(*call->deadline_ms);
      return false;
    }
    call->deadline_ms.reset();
    due.emplace_back(call, was_sent);
    return true;
  };
  std::erase_if(waiting_, [&](const std::shared_ptr<Call>& call) { return look_at(call, false); });
  for (const auto& connection : connections_) {
    for (const auto& call : connection->unanswered()) {
      if (look_at(call, true)) connection->leave();
    }
  }
  for (const auto& [call, was_sent] : due) {
    call->tell(tl::unexpected<ClientError>(late(was_sent)));
    if (is_closed_) return;
  }
  drop_abandoned();
}

}  // namespace hearth::uv
