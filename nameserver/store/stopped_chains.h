/// StoppedChains: the rule of engine.h that a chain ends at its first mutation that does not apply or fails.
///
/// Layer: store.        Thread rule: none, plain object.
/// Every engine keeps one for the length of a batch; the committer keeps one for the chains that a bound cuts in two.
#pragma once

#include <unordered_set>

#include "nameserver/store/engine.h"

namespace hearth {

class StoppedChains {
 public:
  [[nodiscard]] bool contains(ChainId chain) const { return !stopped_.empty() && stopped_.count(chain) != 0; }

  /// To be told of every result, in order.
  void note(ChainId chain, const Result<Outcome>& result) {
    if (chain == no_chain) return;
    if (!result || result->kind != Outcome::Kind::applied) stopped_.insert(chain);
  }

  /// What a mutation of a stopped chain is answered with.
  [[nodiscard]] static Result<Outcome> not_attempted() {
    return fail(ErrorKind::unsupported, "not attempted: an earlier call of the batch failed");
  }

 private:
  std::unordered_set<ChainId> stopped_;
};

}  // namespace hearth
