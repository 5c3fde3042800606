/// ScriptedNameServer: the whole name server without sockets, threads or a disk, for replaying conversations.
///
/// Bytes go into a session, bytes come out; commits happen when the test says so.
#pragma once

#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/gatekeeper.h"
#include "nameserver/registry/index.h"
#include "nameserver/registry/name_server_object.h"
#include "nameserver/registry/shown_tags.h"
#include "nameserver/store/memory_engine.h"
#include "protocol/rpc/server_session.h"
#include "tests/support/loaded.h"
#include "tests/support/shared_places.h"

namespace hearth::test {

class ScriptedNameServer final : public MutationSink, public ReplySink {
 public:
  /// `own_uri` is what Pyro.NameServer is registered with.
  explicit ScriptedNameServer(const std::string& own_uri, SessionSettings settings = {})
      : settings_(std::move(settings)), object_(index_, *this, settings_.limits, gatekeeper_, [this](std::string text) {
          warnings_.push_back(std::move(text));
        }) {
    objects_.add(name_server_name, object_);
    Registration own{name_server_name, own_uri, {}};
    for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5})
      own.tags.emplace_back(name_server_class_tag(dialect));
    sort_tags(own.tags);
    const ChainedMutation put{Put{own}, no_chain};
    static_cast<void>(engine_.commit({&put, 1}));
    index_.apply(Put{own});
  }

  /// A new connection; its number.
  ConnectionId connect() {
    Peer peer;
    peer.address = "192.0.2.7:50123";
    return connect(std::move(peer));
  }

  ConnectionId connect(Peer peer) {
    const ConnectionId id = ++last_connection_;
    peer.connection = id;
    sessions_.emplace(id,
                      std::make_unique<ServerSession>(settings_, objects_, *this, places_.replies, std::move(peer)));
    return id;
  }

  void disconnect(ConnectionId connection) {
    session(connection).close();
    sessions_.erase(connection);
  }

  ServerSession& session(ConnectionId connection) { return *sessions_.at(connection); }

  /// Sends, without committing what that submits; what the server answers at once.
  Bytes send(ConnectionId connection, BytesView bytes) {
    session(connection).receive(bytes);
    give_turns(connection);
    return whole_output(session(connection));
  }

  /// As many as it wants.
  void give_turns(ConnectionId connection) {
    while (session(connection).has_more_to_do()) session(connection).resume();
  }

  /// Commits what has been submitted, in one batch, until nothing is left; answers wait in the sessions' output.
  void commit() {
    while (!queue_.empty()) {
      std::vector<ChainedMutation> batch;
      std::vector<std::unique_ptr<CommitWaiter>> waiters;
      for (auto& [mutation, waiter] : std::exchange(queue_, {})) {
        batch.push_back(std::move(mutation));
        waiters.push_back(std::move(waiter));
      }
      ++commits_;
      auto outcomes = engine_.commit(batch);
      for (std::size_t i = 0; i < batch.size(); ++i)
        waiters[i]->committed(std::move(batch[i].mutation), std::move(outcomes[i]));
    }
  }

  /// Sends and commits; everything the server answers.
  Bytes exchange(ConnectionId connection, BytesView bytes) {
    session(connection).receive(bytes);
    do {
      give_turns(connection);
      commit();
    } while (session(connection).has_more_to_do());
    return whole_output(session(connection));
  }

  /// One registration more, past all clients. `tags` are sorted; `claim` is of whoever is to own it.
  void put(std::string name, std::string uri, Tags tags = {}, ClaimRef claim = nullptr) {
    const Put put{{std::move(name), std::move(uri), std::move(tags)}, false, std::move(claim)};
    const ChainedMutation mutation{put, no_chain};
    static_cast<void>(engine_.commit({&mutation, 1}));
    index_.apply(put);
  }

  /// So many registrations more: "n.0", "n.1", …
  void fill(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      put("n." + std::to_string(i), "PYRO:o@h:" + std::to_string(i), {"odd" + std::to_string(i % 2), "t"});
    }
  }

  /// For the sessions that exist, too.
  [[nodiscard]] Limits& limits() { return settings_.limits; }

  [[nodiscard]] std::size_t submitted() const { return queue_.size(); }
  [[nodiscard]] int commits() const { return commits_; }
  [[nodiscard]] const Index& index() const { return index_; }
  [[nodiscard]] SharedPlaces& places() { return places_; }
  /// Lets everybody do everything until it is given rules.
  [[nodiscard]] Gatekeeper& gatekeeper() { return gatekeeper_; }
  [[nodiscard]] const RemoteObject& object() const { return object_; }
  /// Registrations that the engine holds.
  [[nodiscard]] std::size_t stored() {
    std::size_t count = 0;
    static_cast<void>(engine_.load_all([&count](const RegistrationView&) { ++count; }));
    return count;
  }
  /// All of them, a line each.
  [[nodiscard]] std::string stored_text() {
    std::set<std::string> lines;
    static_cast<void>(engine_.load_all([&lines](const RegistrationView& entry) {
      std::string line = std::string(entry.name) + " " + std::string(entry.uri);
      for (const auto& tag : entry.tags) line += " " + std::string(tag);
      lines.insert(line + "\n");
    }));
    return std::accumulate(lines.begin(), lines.end(), std::string());
  }
  /// "name=owner " for each that has one.
  [[nodiscard]] std::string owners_text() { return loaded_owners(engine_).value(); }
  /// What the operator would read.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override {
    queue_.emplace_back(std::move(mutation), std::move(waiter));
  }

  void reply(ConnectionId connection, std::uint64_t call_number, CallResult result) override {
    const auto found = sessions_.find(connection);
    if (found != sessions_.end()) found->second->answer(call_number, std::move(result));
  }

 private:
  SessionSettings settings_;
  SharedPlaces places_{settings_.limits};
  Index index_;
  std::vector<std::string> warnings_;
  MemoryEngine engine_;
  ObjectTable objects_;
  Gatekeeper gatekeeper_{settings_.limits, [] { return std::uint64_t{0}; }};
  NameServerObject object_;
  std::map<ConnectionId, std::unique_ptr<ServerSession>> sessions_;
  std::vector<std::pair<ChainedMutation, std::unique_ptr<CommitWaiter>>> queue_;
  ConnectionId last_connection_ = 0;
  int commits_ = 0;
};

}  // namespace hearth::test
