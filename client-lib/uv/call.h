/// Call: something asked of an object, from the asking to the answer.
///
/// Layer: client-lib/uv, private (no sockets).        Thread rule: the thread of the loop.
/// Ownership: its CallPool's, or that of the connection it was sent on. Who waits for the answer holds an Operation. Cancelled, it
/// stays where it is and is passed over there; the answer that the server sends all the same has to be read.
#pragma once

#include <hearth/call_arguments.h>
#include <hearth/client_error.h>
#include <hearth/dialect.h>
#include <hearth/uv/request.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

#include "client-lib/src/call_rules.h"
#include "protocol/rpc/client_session.h"

namespace hearth::uv {

/// What has come, and the number of the connection on which it has.
struct Answer {
  Reply reply;
  std::uint64_t connection = 0;
};

/// Nothing is asked: the answer is known already, and only told later.
struct Known {
  ClientResult<Reply> answer;
};

/// A connection is all that is wanted.
struct JustConnect {};

/// An invocation that the two dialects spell differently.
using ByDialect = std::function<Invocation(Dialect)>;

/// For the daemon itself, and of sense on that connection only.
struct DaemonCall {
  CallValue call;
  std::uint64_t connection = 0;
};

using Question = std::variant<Known, JustConnect, Invocation, ByDialect, DaemonCall>;

class Call final : public detail::OperationState {
 public:
  using Told = std::function<void(ClientResult<Answer>)>;

  Call(Question what, CallOptions how, Told told)
      : question(std::move(what)), options(std::move(how)), told_(std::move(told)) {}

  void cancel() override { drop(); }

  /// Whether somebody waits for the answer.
  [[nodiscard]] bool is_wanted() const { return told_ != nullptr; }

  /// The callback may do anything. It must not throw: that would go through frames of C.
  void tell(ClientResult<Answer> answer) noexcept {
    if (const Told told = std::exchange(told_, nullptr)) told(std::move(answer));
  }

  Question question;
  CallOptions options;
  std::optional<std::uint64_t> deadline_ms;
  std::uint32_t repeats_left = 0;

 private:
  /// What the callback holds may be destroyed with it, and do anything too.
  void drop() { const Told dropped = std::exchange(told_, nullptr); }

  Told told_;
};

}  // namespace hearth::uv
