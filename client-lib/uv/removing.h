/// Removing: removes a name from its name server, if it still leads to our URI.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: as OperationSet wants it.
#pragma once

#include <hearth/uv/name_server.h>

#include <functional>
#include <memory>
#include <optional>

#include "client-lib/uv/engine.h"
#include "client-lib/uv/locating.h"

namespace hearth::uv {

class Removing {
 public:
  using Told = std::function<void(ClientResult<void>)>;

  /// `name_server`: a connection that there is already; else it is looked for at `place`.
  Removing(std::shared_ptr<Engine> engine, NameEntry entry, const NameServerPlace& place,
           std::optional<NameServer> name_server, Told told);

 private:
  void look();
  void on_found(const ClientResult<NameEntry>& found);
  void finish(ClientResult<void> result);

  const NameEntry entry_;
  Told told_;
  std::unique_ptr<Locating> locating_;
  std::optional<NameServer> name_server_;
};

}  // namespace hearth::uv
