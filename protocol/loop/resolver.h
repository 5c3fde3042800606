/// Resolution: the addresses of one host, looked up without blocking the loop.
///
/// Layer: loop.        Thread rule: loop thread; names are looked up on libuv's threads (four, for the whole process).
/// Ownership: destroying it forgets the question; its callback may do so. A lookup that a thread has begun cannot be stopped:
/// Loop's destructor waits for it.
/// Errors: ErrorKind::disconnected: no such host; ErrorKind::system: the resolver cannot tell (it does not answer, say), which
/// says nothing about the host.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "protocol/loop/loop.h"

namespace hearth {

/// Which addresses of a host come first; within a family, and for `any`, in the resolver's order.
enum class AddressOrder : unsigned char { ipv4_first, ipv6_first, any };

/// With the port set.
using SocketAddresses = std::vector<sockaddr_storage>;

[[nodiscard]] SocketAddresses ordered(SocketAddresses addresses, AddressOrder order);

/// For a host that is an address in numbers; empty for a name. At once, without a resolver.
[[nodiscard]] SocketAddresses numeric_addresses(const std::string& host, std::uint16_t port);

class Resolution {
 public:
  /// `resolved` gets one address at least. It is not called from in here.
  Resolution(Loop& loop, const std::string& host, std::uint16_t port, AddressOrder order,
             std::function<void(Result<SocketAddresses>)> resolved);
  ~Resolution();
  Resolution(const Resolution&) = delete;
  Resolution& operator=(const Resolution&) = delete;

  /// Why the lookup could not even begin (a name that is none); then `resolved` is not called.
  [[nodiscard]] const Result<void>& begun() const { return begun_; }

 private:
  struct Request;

  Request* request_ = nullptr;  ///< libuv's until its callback; nullptr once that has come
  Result<void> begun_;
};

}  // namespace hearth
