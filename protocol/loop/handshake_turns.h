/// HandshakeTurns: lets the TLS handshakes of a server take turns with everybody else. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: loop thread.
/// A step of a handshake signs or checks something, which takes up to some milliseconds with RSA. Without turns a storm of
/// connections would hold those who are connected for as long as all of its handshakes take together.
#pragma once

#include <cstddef>
#include <list>
#include <optional>

#include "protocol/base/limits.h"
#include "protocol/loop/loop.h"

namespace hearth {

class HandshakeTurns {
 public:
  class Waiting {
   public:
    virtual ~Waiting() = default;
    virtual void take_turn() = 0;

   private:
    friend class HandshakeTurns;
    std::optional<std::list<Waiting*>::iterator> place_;
  };

  /// Takes Limits::tls_handshakes_per_turn_max from `limits`, which may change.
  HandshakeTurns(Loop& loop, const Limits& limits);

  /// Calls `waiting` once, later.
  void ask(Waiting& waiting);
  /// It does not want its turn any more, if it has asked for one.
  void forget(Waiting& waiting);

 private:
  void give_turns();

  const Limits& limits_;
  std::list<Waiting*> queue_;
  Waker waker_;
};

}  // namespace hearth
