/// Resolving: from a URI that names an object to one that says where it is, as hearth::resolve() does.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: as OperationSet wants it.
#pragma once

#include <hearth/client_error.h>
#include <hearth/uri.h>
#include <hearth/uv/name_server.h>

#include <functional>
#include <memory>
#include <optional>

#include "client-lib/uv/engine.h"
#include "client-lib/uv/locating.h"
#include "protocol/loop/timer.h"

namespace hearth::uv {

class Resolving {
 public:
  using Told = std::function<void(ClientResult<Uri>)>;

  Resolving(std::shared_ptr<Engine> engine, Uri uri, SharedSettings settings, Told told);

 private:
  void begin();
  void ask_daemon();
  void ask_for_name();
  void ask_for_tags();
  void finish(ClientResult<Uri> place);

  const std::shared_ptr<Engine> engine_;
  const Uri uri_;
  const SharedSettings settings_;
  Told told_;
  Timer start_;  ///< what is known at once is told later all the same
  std::unique_ptr<Locating> locating_;
  std::optional<NameServer> name_server_;
  std::optional<Proxy> daemon_;
};

}  // namespace hearth::uv
