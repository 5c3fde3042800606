#include "nameserver/service.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include "protocol/base/log.h"

namespace hearth {
namespace {

class Systemd final : public ServiceManager {
 public:
  void notify(const std::string& assignments) override {
    const int status = sd_notify(0, assignments.c_str());
    if (status >= 0 || has_complained_) return;
    has_complained_ = true;
    log(LogLevel::warning, LogCategory::server,
        fmt::format("cannot tell the service manager how we are ({}): it may take us for dead; look at NOTIFY_SOCKET",
                    std::strerror(-status)));
  }

  [[nodiscard]] std::optional<std::uint64_t> watchdog_timeout_ms() const override {
    std::uint64_t timeout_us = 0;
    if (sd_watchdog_enabled(0, &timeout_us) <= 0) return std::nullopt;
    return timeout_us / 1000;
  }

 private:
  bool has_complained_ = false;
};

std::uint64_t monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

bool is_ip_or_unix(int socket) {
  return sd_is_socket(socket, AF_INET, 0, -1) > 0 || sd_is_socket(socket, AF_INET6, 0, -1) > 0 ||
         sd_is_socket(socket, AF_UNIX, 0, -1) > 0;
}

}  // namespace

std::unique_ptr<ServiceManager> service_manager_of_process() {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  if (socket == nullptr || *socket == '\0') return nullptr;
  return std::make_unique<Systemd>();
}

Result<InheritedSockets> inherited_sockets() {
  const int count = sd_listen_fds(1);
  if (count < 0) {
    return fail(ErrorKind::system, fmt::format("cannot take over the sockets of the service manager: {}; look at "
                                               "LISTEN_FDS and LISTEN_PID",
                                               std::strerror(-count)));
  }
  InheritedSockets sockets;
  for (int socket = SD_LISTEN_FDS_START; socket < SD_LISTEN_FDS_START + count; ++socket) {
    if (is_ip_or_unix(socket) && sd_is_socket(socket, AF_UNSPEC, SOCK_STREAM, 1) > 0) {
      sockets.streams.push_back(socket);
    } else if (is_ip_or_unix(socket) && sd_is_socket(socket, AF_UNSPEC, SOCK_DGRAM, -1) > 0) {
      sockets.datagrams.push_back(socket);
    } else {
      return fail(
          ErrorKind::system,
          fmt::format("descriptor {} of the service manager is neither a listening stream socket nor a datagram "
                      "socket: hearthd.socket may have ListenStream= and ListenDatagram= only, with Accept=no",
                      socket));
    }
  }
  return sockets;
}

ServiceReporter::ServiceReporter(Loop& loop, std::unique_ptr<ServiceManager> manager,
                                 std::function<std::string()> status)
    : loop_(loop), manager_(std::move(manager)), status_(std::move(status)), timer_(loop, [this] { tick(); }) {
  if (manager_ != nullptr) reports_.emplace(*manager_);
}

void ServiceReporter::ready() {
  if (!reports_) return;
  reports_->ready(loop_.now_ms(), status_());
  timer_.start_every(reports_->tick_period_ms());
}

void ServiceReporter::reloading() {
  if (reports_) reports_->reloading(monotonic_us());
}

void ServiceReporter::stopping() {
  timer_.stop();
  if (reports_) reports_->stopping();
}

void ServiceReporter::tick() { reports_->tick(loop_.now_ms(), status_()); }

}  // namespace hearth
