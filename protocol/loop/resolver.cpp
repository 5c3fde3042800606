#include "protocol/loop/resolver.h"

#include <fmt/format.h>
#include <netdb.h>
#include <uv.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace hearth {
namespace {

struct AddressListDeleter {
  void operator()(addrinfo* list) const { uv_freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

addrinfo stream_hints(int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  return hints;
}

SocketAddresses addresses_of(const addrinfo* list) {
  SocketAddresses addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    sockaddr_storage address{};
    std::memcpy(&address, entry->ai_addr, entry->ai_addrlen);
    const auto is_this = [&address](const sockaddr_storage& other) {
      return std::memcmp(&address, &other, sizeof address) == 0;
    };
    if (std::none_of(addresses.begin(), addresses.end(), is_this)) addresses.push_back(address);
  }
  return addresses;
}

Error no_address(const std::string& host, int status) {
  switch (status) {
    case UV_EAI_NONAME:
    case UV_EAI_NODATA:
    case UV_EAI_ADDRFAMILY:
    case UV_EINVAL:  // what libuv calls a name that is no host name
    case UV_ENAMETOOLONG: return {ErrorKind::disconnected, fmt::format("the host name '{}' does not resolve", host)};
    default:
      return {ErrorKind::system,
              fmt::format("the host name '{}' cannot be looked up now: {}", host, uv_strerror(status))};
  }
}

}  // namespace

struct Resolution::Request {
  uv_getaddrinfo_t uv{};
  Resolution* owner = nullptr;  ///< nullptr once it has lost interest
  std::string host;
  AddressOrder order;
  std::function<void(Result<SocketAddresses>)> resolved;

  static Request* of(uv_getaddrinfo_t* block) {
    return static_cast<Request*>(uv_req_get_data(reinterpret_cast<uv_req_t*>(block)));
  }

  static void finish(uv_getaddrinfo_t* block, int status, addrinfo* found) {
    const std::unique_ptr<Request> request(of(block));
    const AddressList list(found);
    if (request->owner == nullptr) return;
    request->owner->request_ = nullptr;
    auto addresses = ordered(addresses_of(list.get()), request->order);
    if (status == 0 && addresses.empty()) status = UV_EAI_NODATA;
    if (status == 0) {
      request->resolved(std::move(addresses));
    } else {
      request->resolved(tl::unexpected<Error>(no_address(request->host, status)));
    }
  }
};

SocketAddresses ordered(SocketAddresses addresses, AddressOrder order) {
  if (order == AddressOrder::any) return addresses;
  const int first = order == AddressOrder::ipv4_first ? AF_INET : AF_INET6;
  std::stable_partition(addresses.begin(), addresses.end(),
                        [first](const sockaddr_storage& address) { return address.ss_family == first; });
  return addresses;
}

SocketAddresses numeric_addresses(const std::string& host, std::uint16_t port) {
  const addrinfo hints = stream_hints(AI_NUMERICHOST);
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  SocketAddresses addresses = addresses_of(found);
  freeaddrinfo(found);
  return addresses;
}

Resolution::Resolution(Loop& loop, const std::string& host, std::uint16_t port, AddressOrder order,
                       std::function<void(Result<SocketAddresses>)> resolved) {
  loop.assert_on_loop_thread();
  auto request = std::make_unique<Request>();
  request->owner = this;
  request->host = host;
  request->order = order;
  request->resolved = std::move(resolved);
  uv_req_set_data(reinterpret_cast<uv_req_t*>(&request->uv), request.get());
  const addrinfo hints = stream_hints(0);
  const int status =
      uv_getaddrinfo(loop.uv(), &request->uv, Request::finish, host.c_str(), std::to_string(port).c_str(), &hints);
  if (status != 0) {
    begun_ = tl::unexpected<Error>(no_address(host, status));
    return;
  }
  request_ = request.release();
}

Resolution::~Resolution() {
  if (request_ == nullptr) return;
  request_->owner = nullptr;
  uv_cancel(
      reinterpret_cast<uv_req_t*>(&request_->uv));  // works if no thread has begun it; the callback comes in any case
}

}  // namespace hearth
