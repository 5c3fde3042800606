/// The service manager that may have started us: systemd, or whatever speaks its protocols.
///
/// Layer: nameserver (the only place that includes <systemd/sd-daemon.h>).        Thread rule: the loop thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <hearth/result.h>

#include "nameserver/listeners.h"
#include "nameserver/service_reports.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/timer.h"

namespace hearth {

/// As the environment says (NOTIFY_SOCKET, WATCHDOG_USEC); nullptr: nobody listens. A notification that cannot be sent is logged,
/// once, and changes nothing else.
[[nodiscard]] std::unique_ptr<ServiceManager> service_manager_of_process();

/// The sockets passed by socket activation (LISTEN_FDS), which are the caller's from now on; empty if there are none. Only the
/// first call finds any. They are closed on exec, and blocking or not as the manager has made them.
/// Errors: a descriptor that is neither a listening stream socket nor a datagram socket, for IP or Unix.
[[nodiscard]] Result<InheritedSockets> inherited_sockets();

/// Keeps the service manager informed for as long as the loop runs. Without a manager it does nothing.
class ServiceReporter {
 public:
  /// `status` gives the line for people whenever one is due. `manager` may be nullptr.
  ServiceReporter(Loop& loop, std::unique_ptr<ServiceManager> manager, std::function<std::string()> status);

  void ready();
  void reloading();
  void stopping();

 private:
  void tick();

  Loop& loop_;
  const std::unique_ptr<ServiceManager> manager_;
  const std::function<std::string()> status_;
  std::optional<ServiceReports> reports_;  ///< if there is a manager
  Timer timer_;
};

}  // namespace hearth
