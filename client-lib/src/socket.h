/// Socket: owner of one file descriptor, and what every blocking socket of this library does with it.
///
/// Layer: client-lib, private.        Thread rule: one thread at a time.
#pragma once

#include <netdb.h>
#include <sys/types.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <hearth/result.h>

#include "client-lib/src/deadline.h"

namespace hearth {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), receive_timeout_ms_(other.receive_timeout_ms_) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(receive_timeout_ms_, other.receive_timeout_ms_);
    return *this;
  }
  ~Socket();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Waits until it can be read or written (poll's POLLIN, POLLOUT), or has failed, which the next
  /// operation tells; false: not in time. Without a descriptor it only waits.
  [[nodiscard]] bool wait_for(short events, const Deadline& deadline) const;

  /// From now on its operations wait, but for those with MSG_DONTWAIT.
  void allow_waiting();

  /// recv(), once something is there, the end and failures too; nullopt: not in time. After allow_waiting().
  [[nodiscard]] std::optional<ssize_t> wait_and_receive(std::span<char> buffer, const Deadline& deadline);

 private:
  void set_receive_timeout(int timeout_ms);

  int descriptor_ = -1;
  int receive_timeout_ms_ = -1;  ///< that the kernel knows; -1: none
};

/// A non-blocking socket that children do not inherit.
[[nodiscard]] Result<Socket> open_socket(int family, int type);

struct AddressListDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

/// The addresses of a host name or address text. Takes as long as the resolver takes: it knows no deadlines.
[[nodiscard]] Result<AddressList> resolve_host(const std::string& host, std::uint16_t port, int family, int type);

}  // namespace hearth
