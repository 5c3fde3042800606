/// WatchedSink: passes mutations on, and tells a watcher which names they give or take, before anybody can see it.
///
/// Layer: upkeep (registry).        Thread rule: loop thread.
/// Why: a registration is new from the moment somebody asks for it, even if it replaces one that looks the same.
#pragma once

#include <memory>
#include <string_view>

#include "nameserver/model/mutation_sink.h"
#include "nameserver/registry/index.h"

namespace hearth {

class RegistrationWatcher {
 public:
  virtual ~RegistrationWatcher() = default;
  /// Registered, or about to be. With safe=True, or if the name is another's, only once it has been: a server that tries again and
  /// again to get a name from its dead predecessor must not keep that one alive. Likewise removed.
  virtual void on_registered(std::string_view name, std::string_view uri) = 0;
  virtual void on_removed(std::string_view name) = 0;
};

class WatchedSink final : public MutationSink {
 public:
  /// All must outlive it, and the watcher what is submitted through it.
  WatchedSink(MutationSink& sink, RegistrationWatcher& watcher, const Index& index)
      : sink_(sink), watcher_(watcher), index_(index) {}

  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override;

 private:
  MutationSink& sink_;
  RegistrationWatcher& watcher_;
  const Index& index_;
};

}  // namespace hearth
