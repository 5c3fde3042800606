#include "nameserver/own_registration.h"

#include <memory>
#include <utility>

#include "nameserver/registry/shown_tags.h"

namespace hearth {
namespace {

/// Lets the start wait for its own registration.
class StartWaiter final : public CommitWaiter {
 public:
  StartWaiter(Index& index, Loop& loop, Result<void>& status) : index_(index), loop_(loop), status_(status) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    if (outcome) {
      index_.apply(std::move(mutation));
    } else {
      status_ = forward_error(outcome);
    }
    loop_.stop();
  }

 private:
  Index& index_;
  Loop& loop_;
  Result<void>& status_;
};

}  // namespace

Result<void> register_itself(const Locations& locations, Index& index, Committer& committer, Loop& loop) {
  Registration own{name_server_name, locations.external_uri(), {}};
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) own.tags.emplace_back(name_server_class_tag(dialect));
  sort_tags(own.tags);
  Result<void> status;
  committer.submit({Put{std::move(own)}, no_chain}, std::make_unique<StartWaiter>(index, loop, status));
  loop.run();
  return status;
}

}  // namespace hearth
