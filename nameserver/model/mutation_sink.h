/// MutationSink: where objects hand their changes, and CommitWaiter: who is told what came of one.
///
/// Layer: model.        Thread rule: loop thread.
#pragma once

#include <memory>

#include <hearth/result.h>

#include "nameserver/model/mutation.h"

namespace hearth {

/// What waits for one mutation. Called exactly once, never from inside submit().
class CommitWaiter {
 public:
  virtual ~CommitWaiter() = default;
  /// `mutation` is the one submitted, handed back so that the index can take over its text.
  virtual void committed(Mutation mutation, Result<Outcome> outcome) = 0;
};

class MutationSink {
 public:
  virtual ~MutationSink() = default;
  /// Every ending reaches the waiter, a refusal too (ErrorKind::limit: overloaded; ErrorKind::storage: the disk).
  virtual void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) = 0;
};

}  // namespace hearth
