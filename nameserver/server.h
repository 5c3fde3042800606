/// Server: hearthd from the first socket to the last byte: starts in phases, runs, stops in phases.
///
/// Layer: nameserver.        Thread rule: the main thread, which becomes the loop thread.
/// Start: bind -> open and load the storage -> register the name server itself -> accept. Whatever fails on the way
/// is told, and what was registered stays as it was. Stop (SIGINT, SIGTERM): accept no more -> commit and answer what was submitted ->
/// send it -> close -> the last checkpoint. SIGHUP: settings are read again, and those that can change take effect.
#pragma once

#include <functional>
#include <memory>

#include <hearth/result.h>

#include "nameserver/listeners.h"
#include "nameserver/options/options.h"
#include "nameserver/service_reports.h"

namespace hearth {

/// Reads the settings again, for a server that runs with `current`.
using Reload = std::function<Result<Reloaded>(const Options& current)>;

class Server {
 public:
  /// `inherited` are used instead of sockets of our own and are the server's from now on. `manager` may be nullptr. `reload` is
  /// called at each SIGHUP.
  Server(const Options& options, const Environment& environment, const InheritedSockets& inherited,
         std::unique_ptr<ServiceManager> manager, Reload reload);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Errors are one sentence for the operator: what happened and what to do.
  [[nodiscard]] Result<void> start();

  /// Prints the lines that people and scripts wait for (PYRO.md section 6), serves until a signal, prints `NS shut down.`
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
