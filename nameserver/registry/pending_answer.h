/// PendingAnswer: waits for one commit of a client's: takes the change over into the index, then answers the client.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread.
/// When it hears what the engine has decided, the index is as the storage was at that moment.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "nameserver/model/mutation_sink.h"
#include "nameserver/registry/gate.h"
#include "nameserver/registry/index.h"
#include "protocol/rpc/call.h"

namespace hearth {

class PendingAnswer final : public CommitWaiter {
 public:
  /// `author` nullptr: nobody is told. `applied` is what else is to be done then; empty: nothing.
  PendingAnswer(Index& index, Gate& gate, AuthorRef author, Responder responder, std::function<void()> applied)
      : index_(index),
        gate_(gate),
        author_(std::move(author)),
        responder_(std::move(responder)),
        applied_(std::move(applied)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override;

 private:
  [[nodiscard]] CallResult result_of(const Mutation& mutation, const Result<Outcome>& outcome);
  [[nodiscard]] RemoteException not_owner(const Mutation& mutation);

  Index& index_;
  Gate& gate_;
  const AuthorRef author_;
  Responder responder_;
  std::function<void()> applied_;
};

/// What a call about a name that is not there is answered with.
[[nodiscard]] CallResult unknown_name(std::string_view name);

}  // namespace hearth
