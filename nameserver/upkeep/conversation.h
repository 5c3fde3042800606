/// Conversation: one connection to a location: makes it, says the first word, and listens to what comes.
///
/// Layer: upkeep (rpc, loop).        Thread rule: loop thread.
/// Ownership: retire it (Loop::retire) when it has told its result or is not wanted any more, after close().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "nameserver/upkeep/location.h"
#include "nameserver/upkeep/location_prober.h"
#include "nameserver/upkeep/speech.h"
#include "protocol/base/limits.h"
#include "protocol/loop/connector.h"
#include "protocol/loop/timer.h"
#include "protocol/rpc/client_session.h"

namespace hearth {

/// How a conversation ended.
struct Heard {
  enum class What : unsigned char {
    pyro,           ///< it spoke the dialect it was asked in
    other_dialect,  ///< it speaks the other one
    tls,
    stranger,  ///< it said something else
    hung_up,   ///< without a word
    silence,
    nobody,       ///< no connection, and none to be expected
    no_answer,    ///< no connection in time
    cannot_tell,  ///< no connection, for reasons of our own
  };
  What what;
  std::string text = {};                            ///< for people, where there was no connection
  std::optional<ObjectIds> objects = std::nullopt;  ///< as in ProbeResult
  std::string place = {};                           ///< as in ProbeResult
};

class Conversation final : public Retirable, private StreamEvents {
 public:
  using Told = std::function<void(Heard)>;

  /// In Pyro: asks for the object, or with an empty id for the list of all. Otherwise: the first word of a TLS client.
  enum class Language : unsigned char { pyro4, pyro5, tls };

  /// `told` is called once, never from in here, within Limits::autoclean_probe_timeout_ms.
  Conversation(Loop& loop, const Limits& limits, const Location& location, std::string object, Language language,
               Told told);

  /// Nothing is told from now on.
  void close();

 private:
  void on_connected(Result<std::unique_ptr<Stream>> result);
  void say_first_word();
  void on_bytes(BytesView bytes) override;
  void on_end(const std::optional<Error>& error) override;
  void on_drained() override {}
  void read_pyro(BytesView bytes);
  /// nullopt: wait for the next one.
  [[nodiscard]] std::optional<Heard> answer_to(Reply& reply);
  void on_timeout();
  void finish(Heard heard);

  Loop& loop_;
  const std::string object_;
  const Language language_;
  const std::string unix_path_;  ///< empty: TCP
  const std::uint64_t deadline_ms_;
  ClientSession session_;
  Told told_;
  Timer timer_;
  std::unique_ptr<PendingConnection> pending_;
  std::unique_ptr<Stream> stream_;
  Bytes first_bytes_;  ///< until it is clear who speaks
  Speech speech_ = Speech::unclear;
  std::string place_;
};

}  // namespace hearth
