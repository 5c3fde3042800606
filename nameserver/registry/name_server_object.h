/// NameServerObject: the object `Pyro.NameServer`, with the methods that each dialect's clients know (PYRO.md section 4).
///
/// Layer: registry (model, rpc).        Thread rule: loop thread.
/// Reads answer from the index: a lookup at once, a search piece by piece (Listing), as of the moment it began. Writes go to the sink and answer when they are committed: the index changes in between,
/// so every client's next read sees what has been acknowledged.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "nameserver/model/mutation_sink.h"
#include "nameserver/registry/gate.h"
#include "nameserver/registry/index.h"
#include "nameserver/registry/search.h"
#include "protocol/base/limits.h"
#include "protocol/rpc/object.h"

namespace hearth {

class NameServerObject final : public RemoteObject {
 public:
  /// Gets a line for the operator about a registration that was accepted (useless_uri.h).
  using Warn = std::function<void(std::string)>;

  /// All of them, and the object itself, must outlive the mutations it has submitted.
  NameServerObject(Index& index, MutationSink& sink, const Limits& limits, Gate& gate, Warn warn);

  [[nodiscard]] std::string_view class_name() const override { return "NameServer"; }
  [[nodiscard]] std::span<const Method> methods(Dialect dialect) const override;
  [[nodiscard]] std::span<const std::string_view> unexposed_attributes() const override;
  [[nodiscard]] Answer invoke(Call& call, Responder& later) override;
  [[nodiscard]] bool may_overtake_answers(const Method& method, std::span<const Value> arguments) const override;

 private:
  [[nodiscard]] CallResult count_names(const Call& call);
  [[nodiscard]] CallResult lookup(const Call& call);
  [[nodiscard]] Answer list(const Call& call);
  [[nodiscard]] Checked<SearchPtr> search_pyro4(const Call& call);
  [[nodiscard]] Checked<SearchPtr> search_pyro5(const Call& call);
  [[nodiscard]] Checked<SearchPtr> search_yellow_pages(const Call& call);
  [[nodiscard]] Answer register_name(Call& call, Responder& later);
  [[nodiscard]] Answer set_metadata(Call& call, Responder& later);
  [[nodiscard]] Answer remove(Call& call, Responder& later);

  /// What of a call goes with its change.
  struct Origin {
    ChainId batch;
    AuthorRef author;
    ClaimRef claim;
  };
  [[nodiscard]] Origin origin_of(const Call& call);
  void submit(Origin origin, Mutation mutation, Responder later, std::optional<std::string> warning = std::nullopt);

  Index& index_;
  MutationSink& sink_;
  const Limits& limits_;
  Gate& gate_;
  const Warn warn_;
  const std::vector<Method> methods_pyro4_;
  const std::vector<Method> methods_pyro5_;
};

}  // namespace hearth
