#include "nameserver/discovery/announcement.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/host_scope.h"
#include "protocol/loop/local_address.h"
#include "protocol/wire/discovery.h"

namespace hearth {
namespace {

std::string location_at(const std::string& ipv4_address, std::uint16_t port) {
  return fmt::format("{}:{}", ipv4_address, port);
}

bool contains(const std::vector<std::string>& addresses, const std::string& wanted) {
  return std::find(addresses.begin(), addresses.end(), wanted) != addresses.end();
}

}  // namespace

bool ServedAddress::is_loopback() const { return scope_of_host(address) == HostScope::loopback; }

Announcement::Announcement(std::string object, std::vector<ServedAddress> served)
    : object_(std::move(object)), served_(std::move(served)) {}

Result<Announcement> Announcement::of(std::string object, std::vector<ServedAddress> served) {
  std::erase_if(served, [](const ServedAddress& address) { return address.is_ipv6(); });
  HEARTH_CHECK(!served.empty());
  std::stable_partition(served.begin(), served.end(),
                        [](const ServedAddress& address) { return !address.is_loopback(); });
  const Announcement announcement(std::move(object), std::move(served));
  for (const ServedAddress& address : announcement.served_) {
    const std::string uri = announcement.uri_at(address.location);
    if (!discovery_answer(uri)) {
      return fail(
          ErrorKind::system,
          fmt::format("broadcasts cannot be answered with {}: clients read {} bytes of ISO-8859-1; choose another "
                      "spelling of the host with -n, or do not answer with -x",
                      uri, discovery_answer_bytes_max));
    }
  }
  return announcement;
}

Result<Bytes> Announcement::answer_for(const std::string& asker) const {
  if (served_.front().is_loopback() && scope_of_host(asker) != HostScope::loopback) {
    return fail(ErrorKind::system, "programs on this machine alone can reach the name server");
  }
  const bool depends_on_asker = served_.size() > 1 || served_.front().is_every_address();
  std::string location = served_.front().location;
  if (depends_on_asker) {
    const auto own_address = local_address_towards(asker);
    if (!own_address) return tl::unexpected<Error>(own_address.error());
    const ServedAddress& nearest = facing(*own_address);
    location = nearest.is_every_address() ? location_at(*own_address, nearest.port) : nearest.location;
  }
  auto answer = discovery_answer(uri_at(location));
  HEARTH_CHECK(answer);  // of() has looked at every location; an address in numbers is short enough
  return std::move(*answer);
}

bool Announcement::is_ours(const std::string& uri, const std::string& sender,
                           const std::vector<std::string>& own_addresses) const {
  if (!contains(own_addresses, sender)) return false;
  return std::any_of(served_.begin(), served_.end(), [&](const ServedAddress& served) {
    if (!served.is_every_address()) return uri == uri_at(served.location);
    return std::any_of(own_addresses.begin(), own_addresses.end(),
                       [&](const std::string& own) { return uri == uri_at(location_at(own, served.port)); });
  });
}

const ServedAddress& Announcement::facing(const std::string& own_address) const {
  const auto found = std::find_if(served_.begin(), served_.end(), [&](const ServedAddress& served) {
    return served.is_every_address() || served.address == own_address;
  });
  return found == served_.end() ? served_.front() : *found;
}

}  // namespace hearth
