/// Socket: owner of one file descriptor, and what every blocking socket of this library does with it.
///
/// Layer: client-lib, private.        Thread rule: one thread at a time.
#pragma once

#include <netdb.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <hearth/result.h>

#include "client-lib/src/deadline.h"

namespace hearth {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Waits until it can be read or written (poll's POLLIN, POLLOUT), or has failed, which the next
  /// operation tells; false: not in time. Without a descriptor it only waits.
  [[nodiscard]] bool wait_for(short events, const Deadline& deadline) const;

 private:
  int descriptor_ = -1;
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
