/// LocationProber: finds out what is at a location. What autoclean asks; PyroProber answers it, and a script in tests.
///
/// Layer: upkeep.        Thread rule: loop thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <hearth/dialect.h>

#include "nameserver/upkeep/location.h"
#include "nameserver/upkeep/text_map.h"

namespace hearth {

struct ProbeQuestion {
  Location location;
  std::string object;                      ///< the one registered there; empty: several are
  Dialect first_dialect = Dialect::pyro5;  ///< the one it spoke the last time, or a guess
};

enum class Reach : unsigned char {
  answers,    ///< a Pyro server, or what may be one; or we cannot tell: not a reason to remove anything
  gone,       ///< nobody is there, or another program
  no_answer,  ///< the connection was not made in time: a dead host, or a full queue
  silent,     ///< something took the connection and said nothing: a busy server, or another program
};

using ObjectIds = TextSet;

struct ProbeResult {
  Reach reach = Reach::answers;
  std::string reason = {};  ///< why it is not `answers`, for people: "connection refused"
  /// Published there, of those asked about; nullopt: could not be found out.
  std::optional<ObjectIds> objects = std::nullopt;
  std::string place = {};  ///< what took the connection, for ListeningSockets::at(); empty: unknown
  std::optional<Dialect> dialect = std::nullopt;  ///< that it spoke
};

class LocationProber {
 public:
  virtual ~LocationProber() = default;
  /// `told` is called once, never from inside probe(); it may begin more probes.
  virtual void probe(const ProbeQuestion& question, std::function<void(ProbeResult)> told) = 0;
  /// Of those that have not been told, none is any more.
  virtual void cancel_all() = 0;
};

}  // namespace hearth
