/// Gate: asked before a call does anything, whether its caller may.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread.
/// Errors: a SecurityError that names the missing right. Whoever implements this has told the operator of it.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <hearth/remote_exception.h>

#include "nameserver/model/right.h"
#include "nameserver/registry/arguments.h"
#include "protocol/rpc/call.h"

namespace hearth {

/// Stands for all names, or for none in particular: only who may do something with every name may do it with this one.
inline constexpr std::string_view every_name;

/// Whether a name counts; empty: each does.
using NamePredicate = std::function<bool(std::string_view name)>;

class Gate {
 public:
  virtual ~Gate() = default;

  /// nullopt: the caller may.
  [[nodiscard]] virtual std::optional<RemoteException> refusal(const Call& call, Right right, std::string_view name) = 0;

  /// The names for which the caller has the right, as of now. Refused if there can be none.
  [[nodiscard]] virtual Checked<NamePredicate> names(const Call& call, Right right) = 0;
};

}  // namespace hearth
