/// Gate: asked before a call does anything, whether its caller may; and told what has come of it.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread.
/// Errors: a SecurityError that names the missing right. Whoever implements this has told the operator of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <hearth/remote_exception.h>

#include "nameserver/model/mutation.h"
#include "nameserver/model/right.h"
#include "nameserver/registry/arguments.h"
#include "nameserver/registry/index.h"
#include "protocol/rpc/call.h"

namespace hearth {

/// Stands for all names, or for none in particular: only who may do something with every name may do it with this one.
inline constexpr std::string_view every_name;

/// Whether a name counts; empty: each does.
using NamePredicate = std::function<bool(std::string_view name)>;

/// Who is to be named for a change.
struct Author {
  std::string peer;             ///< Peer::address, or what in hearthd has done it
  std::string identity;         ///< empty: nothing is known but that
  ConnectionId connection = 0;  ///< 0: none
  std::string_view call = {};   ///< the method
};
using AuthorRef = std::shared_ptr<const Author>;

class Gate {
 public:
  virtual ~Gate() = default;

  /// nullopt: the caller may.
  [[nodiscard]] virtual std::optional<RemoteException> refusal(const Call& call, Right right,
                                                               std::string_view name) = 0;

  /// The names for which the caller has the right, as of now. Refused if there can be none.
  [[nodiscard]] virtual Checked<NamePredicate> names(const Call& call, Right right) = 0;

  /// In whose name the call changes something; nullptr: nobody is told from others.
  [[nodiscard]] virtual ClaimRef claim(const Call& call) = 0;

  /// nullptr: nobody wants to be told of what the call changes, and no claim of it can be refused.
  [[nodiscard]] virtual AuthorRef author(const Call& call) = 0;

  /// A change that has been committed; the index still shows what was there before.
  virtual void changed(const Author& author, const Mutation& mutation, const Index& before) = 0;

  /// A change that has come to nothing, since its author has no claim to `name`, which is that owner's.
  [[nodiscard]] virtual RemoteException refusal_to_stranger(const Author& author, std::string_view name,
                                                            std::string_view owner) = 0;
};

}  // namespace hearth
