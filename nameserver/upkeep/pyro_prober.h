/// PyroProber: probes locations over the network, as a Pyro client would: connects, shakes hands, asks for the object.
///
/// Layer: upkeep (rpc, loop).        Thread rule: loop thread.
/// What counts as an answer: a Pyro server of either dialect, even if it refuses us (another HMAC key or serializer, a full
/// pool, a handshake check of its own); anything that speaks TLS; whoever hangs up on us without a word, which a server does
/// that knows strangers by their address. Not: a program that says something else, such as HTTP.
/// Unix sockets that this process may not see (permissions, systemd's PrivateTmp=) count as answering too.
/// A server that is not understood costs up to three connections: both dialects and TLS.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <memory>

#include "nameserver/upkeep/location_prober.h"
#include "protocol/base/limits.h"
#include "protocol/loop/loop.h"

namespace hearth {

class PyroProber final : public LocationProber {
 public:
  PyroProber(Loop& loop, const Limits& limits);
  ~PyroProber() override;

  void probe(const ProbeQuestion& question, std::function<void(ProbeResult)> told) override;
  void cancel_all() override;

 private:
  class Probe;

  void finish(std::uint64_t id, ProbeResult result);

  Loop& loop_;
  const Limits limits_;
  std::uint64_t last_id_ = 0;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<Probe>> probes_;
};

}  // namespace hearth
