/// AdminServer: hearthd's object Hearth.Admin for a LoopbackServer, with a status that the test makes up.
#pragma once

#include <algorithm>
#include <string>

#include "nameserver/gatekeeper.h"
#include "nameserver/registry/admin_object.h"
#include "protocol/base/base64.h"
#include "protocol/base/check.h"
#include "protocol/rpc/server_session.h"
#include "tests/support/shared_places.h"
#include "tests/unit/client-lib/loopback_server.h"

namespace hearth::test {

/// Has the file ready after two looks at its progress, and hands it out in pieces of a few bytes.
class FakeBackups final : public BackupMaker {
 public:
  explicit FakeBackups(std::string file) : file_(std::move(file)) {}

  static constexpr std::int64_t id = 7;
  bool was_ended = false;
  bool fails = false;  ///< once the file is read

 private:
  static constexpr std::size_t piece_bytes = 1000;

  std::optional<CallResult> begin(Responder&) override { return state(None{}, ""); }
  std::optional<CallResult> read(std::int64_t asked_id, std::uint64_t offset, Responder&) override {
    HEARTH_CHECK(asked_id == id);
    if (++reads_ < 3) return state(None{}, "");
    if (fails && offset > 0) return raise("PyroError", "the backup has failed: the disk is full");
    const std::size_t piece = reads_ == 3 ? 0 : piece_bytes;  // the first only tells that it is ready
    return state(static_cast<std::int64_t>(file_.size()), std::string_view(file_).substr(offset, piece));
  }
  bool end(std::int64_t ended_id) override {
    was_ended = ended_id == id;
    return was_ended;
  }

  [[nodiscard]] CallResult state(Value size, std::string_view piece) const {
    Bytes data;
    append_base64(data, piece);
    Dict dict;
    dict.add("id", id);
    dict.add("done", std::min(reads_, 3));
    dict.add("total", 3);
    dict.add("size", std::move(size));
    dict.add("data", std::move(data));
    return dict;
  }

  const std::string file_;
  int reads_ = 0;
};

class AdminServer final : private Administration, private ReplySink {
 public:
  explicit AdminServer(ServerStatus status, std::string file = "")
      : fake_backups(std::move(file)), status_(std::move(status)) {
    objects_.add(std::string(admin_object_id), admin_, ObjectTable::Visibility::unlisted);
  }

  /// Serves one connection.
  [[nodiscard]] LoopbackServer::Handler handler() {
    return [this](LoopbackPeer& peer) {
      ServerSession session(settings_, objects_, *this, places_.replies, Peer{});
      for (std::string bytes = peer.receive(); !bytes.empty(); bytes = peer.receive()) {
        session.receive(bytes);
        while (session.has_more_to_do()) session.resume();
        peer.send(session.take_output());
        if (session.wants_close()) break;
      }
    };
  }

  FakeBackups fake_backups;

 private:
  [[nodiscard]] ServerStatus status() const override { return status_; }
  [[nodiscard]] BackupMaker& backups() override { return fake_backups; }
  std::uint64_t confirm_autoclean() override { return status_.autoclean ? status_.autoclean->suspects : 0; }
  void reply(ConnectionId, std::uint64_t, CallResult) override { HEARTH_CHECK(false); }

  const ServerStatus status_;
  const SessionSettings settings_;
  SharedPlaces places_{settings_.limits};
  Gatekeeper open_gate_{settings_.limits, [] { return std::uint64_t{0}; }};
  AdminObject admin_{*this, open_gate_};
  ObjectTable objects_;
};

}  // namespace hearth::test
