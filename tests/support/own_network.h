/// OwnNetwork: while it lives, the test's thread is in a network namespace of its own, with both loopbacks and nothing else.
///
/// Thread rule: made and destroyed on the main thread (whose namespace is the one that /proc/net shows); sockets stay in the
/// namespace they were made in. Without root the test program first becomes root of a user namespace of its own, for good.
#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {

class OwnNetwork {
 public:
  OwnNetwork() : before_(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) {
    HEARTH_CHECK(before_ >= 0);
    if (::unshare(CLONE_NEWNET) != 0) {
      HEARTH_CHECK(::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0);
      // The way back to the network of before is closed now: what the first such test leaves is the network of all that follow.
      ::close(std::exchange(before_, ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)));
    }
    set_up("lo");
  }
  ~OwnNetwork() {
    HEARTH_CHECK(::setns(before_, CLONE_NEWNET) == 0);
    ::close(before_);
  }
  OwnNetwork(const OwnNetwork&) = delete;
  OwnNetwork& operator=(const OwnNetwork&) = delete;

  void disable_ipv6() { set("ipv6/conf/all/disable_ipv6", "1"); }
  /// What `::` serves unless a program says otherwise: IPv6 only.
  void set_bindv6only() { set("ipv6/bindv6only", "1"); }
  /// The ports that the kernel chooses from.
  void set_free_ports(std::uint16_t first, std::uint16_t last) {
    set("ipv4/ip_local_port_range", std::to_string(first) + " " + std::to_string(last));
  }

 private:
  static void set_up(const char* interface) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP;
    HEARTH_CHECK(::ioctl(socket, SIOCSIFFLAGS, &request) == 0);
    ::close(socket);
  }

  static void set(const std::string& setting, const std::string& value) {
    std::ofstream file("/proc/sys/net/" + setting);
    file << value << std::flush;
    HEARTH_CHECK(file.good());
  }

  int before_;
};

}  // namespace hearth
