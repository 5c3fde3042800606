/// RemoteObject: what a daemon publishes under an object id. Objects see bound calls and answer values or exceptions; they
/// know nothing of batches, oneway, compression, serializers or correlation ids.
///
/// Layer: rpc.        Thread rule: the thread of the sessions.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/rpc/call.h"
#include "protocol/rpc/long_answer.h"

namespace hearth {

struct Parameter {
  std::string_view name;
  std::optional<Value> default_value = std::nullopt;  ///< none: the caller must give it
};

struct Method {
  std::string_view name;
  int id;  ///< the object's own number for it, to switch on
  std::vector<Parameter> parameters;
};

/// How an object answers a call: at once, with a result; later, through the Responder (nullopt); or piece by piece.
class Answer {
 public:
  Answer(std::nullopt_t) {}
  Answer(std::optional<CallResult> result) : result_(std::move(result)) {}
  template <std::derived_from<LongAnswer> Work>
  Answer(std::unique_ptr<Work> work) : work_(std::move(work)) {}
  template <class T>
  requires std::constructible_from<CallResult, T> Answer(T&& result)
      : result_(std::in_place, std::forward<T>(result)) {}

  [[nodiscard]] std::optional<CallResult>& result() { return result_; }
  [[nodiscard]] std::unique_ptr<LongAnswer>& work() { return work_; }

 private:
  std::optional<CallResult> result_;
  std::unique_ptr<LongAnswer> work_;
};

class RemoteObject {
 public:
  virtual ~RemoteObject() = default;

  /// The Python class it stands in for, as error texts name it: "NameServer".
  [[nodiscard]] virtual std::string_view class_name() const = 0;

  /// What clients of that dialect can call. Constant for the life of the object.
  [[nodiscard]] virtual std::span<const Method> methods(Dialect dialect) const = 0;

  /// Attributes that the Python class has but does not expose: they get another error text than unknown ones.
  [[nodiscard]] virtual std::span<const std::string_view> unexposed_attributes() const { return {}; }

  /// Runs the call. Only who answers later moves `later` away: by returning nullopt, or with a LongAnswer that ends `deferred`.
  /// A LongAnswer that adds items may be dropped and the call run again, from the same arguments, which it leaves in `call`.
  [[nodiscard]] virtual Answer invoke(Call& call, Responder& later) = 0;

  /// Whether the call may start while earlier calls of the same batch are still unanswered, because the object keeps them in
  /// order by itself (Call::batch) and the call reads nothing that they change.
  [[nodiscard]] virtual bool may_overtake_answers(const Method& method, std::span<const Value> arguments) const {
    static_cast<void>(method);
    static_cast<void>(arguments);
    return false;
  }
};

}  // namespace hearth
