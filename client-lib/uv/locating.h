/// Locating: finds a name server, step by step, as hearth::locate() does.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: as OperationSet wants it.
#pragma once

#include <hearth/locate.h>
#include <hearth/uv/name_server.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "client-lib/src/search_plan.h"
#include "client-lib/uv/broadcast_question.h"
#include "client-lib/uv/engine.h"

namespace hearth::uv {

class Locating {
 public:
  using Located = tl::expected<NameServer, LocateFailure>;
  using Told = std::function<void(Located)>;

  Locating(std::shared_ptr<Engine> engine, const NameServerPlace& place, SharedSettings settings, Told told);

 private:
  void take_step();
  void next_step(ClientError error);
  void connect_to(Uri uri);
  void finish(Located located);

  const std::shared_ptr<Engine> engine_;
  const SharedSettings settings_;
  const std::vector<SearchStep> steps_;
  Told told_;
  std::size_t step_ = 0;
  std::optional<Uri> answered_;  ///< with what the broadcast of this step was answered
  std::unique_ptr<BroadcastQuestion> question_;
  std::optional<Proxy> candidate_;
  LocateFailure failure_;
};

}  // namespace hearth::uv
