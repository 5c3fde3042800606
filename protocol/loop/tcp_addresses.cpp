#include "protocol/loop/tcp_addresses.h"

#include <fmt/format.h>
#include <netdb.h>
#include <strings.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

struct AddressListDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

Result<std::vector<sockaddr_storage>> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* resolved = nullptr;
  if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &resolved); code != 0) {
    return fail(ErrorKind::system, fmt::format("unknown host '{}': {}", host, gai_strerror(code)));
  }
  const AddressList list(resolved);
  std::vector<sockaddr_storage> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    std::memcpy(&addresses.emplace_back(), entry->ai_addr, entry->ai_addrlen);
  }
  return addresses;
}

/// Two names for one place have the same bytes: the rest of each storage is zero.
bool is_same(const sockaddr_storage& one, const sockaddr_storage& other) {
  return std::memcmp(&one, &other, sizeof one) == 0;
}

/// The kernel looks at the address before it looks for a port, so that any other complaint means that it has the address.
Result<bool> has_address(const sockaddr_storage& address) {
  const FileDescriptor socket(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) {
    if (errno == EAFNOSUPPORT) return false;
    return fail(ErrorKind::system, errno_text(errno));
  }
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size_of(address)) == 0) return true;
  switch (errno) {
    case EADDRNOTAVAIL:
    case EINVAL:  // a link-local address without an interface
    case ENODEV: return false;
    default: return true;
  }
}

}  // namespace

Result<std::vector<sockaddr_storage>> local_addresses(const std::string& host) {
  const bool is_localhost = strcasecmp(host.c_str(), "localhost") == 0;
  const auto names = is_localhost ? std::vector<std::string>{"127.0.0.1", "::1"} : std::vector<std::string>{host};
  std::vector<sockaddr_storage> candidates;
  for (const std::string& name : names) {
    auto resolved = resolve(name);
    if (!resolved) return forward_error(resolved);
    candidates.insert(candidates.end(), resolved->begin(), resolved->end());
  }
  std::vector<sockaddr_storage> ours;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const sockaddr_storage& candidate : candidates) {
      const auto is_this = [&](const sockaddr_storage& other) { return is_same(candidate, other); };
      if (candidate.ss_family != family || std::any_of(ours.begin(), ours.end(), is_this)) continue;
      const auto has = has_address(candidate);
      if (!has) return tl::unexpected<Error>(has.error());
      if (*has) ours.push_back(candidate);
    }
  }
  if (ours.empty()) return fail(ErrorKind::system, host + " is not an address of this machine");
  return ours;
}

bool is_served_by(const sockaddr_storage& address, const sockaddr_storage& other) {
  if (is_same(address, other)) return true;
  if (is_wildcard(address) || !is_wildcard(other)) return false;
  return other.ss_family == AF_INET6 || address.ss_family == AF_INET;
}

}  // namespace hearth
