/// AuditedEvictions: passes mutations on, and sees to it that what hearthd removes by itself is in the audit log too.
///
/// Layer: nameserver (registry).        Thread rule: loop thread.
#pragma once

#include <memory>

#include "nameserver/model/mutation_sink.h"
#include "nameserver/registry/gate.h"

namespace hearth {

class AuditedEvictions final : public MutationSink {
 public:
  /// All must outlive what is submitted through it.
  AuditedEvictions(MutationSink& sink, Gate& gate, const Index& index) : sink_(sink), gate_(gate), index_(index) {}

  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override;

 private:
  MutationSink& sink_;
  Gate& gate_;
  const Index& index_;
};

}  // namespace hearth
