#include "nameserver/neighbourhood.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nameserver/discovery/announcement.h"
#include "nameserver/discovery/responder.h"
#include "nameserver/model/registration.h"
#include "nameserver/upkeep/rival_search.h"
#include "protocol/base/log.h"
#include "protocol/loop/udp_socket.h"

namespace hearth {
namespace {

constexpr const char* every_address = "0.0.0.0";
constexpr const char* loopback_address = "127.0.0.1";

/// Every host that was asked for; of a host with several addresses the first.
std::vector<ServedAddress> served_addresses(const Locations& locations) {
  std::vector<ServedAddress> served;
  if (!locations.tcp) return served;
  served.push_back({*locations.tcp, locations.tcp_address, locations.tcp_port});
  for (const HostLocation& further : locations.further_tcp) {
    served.push_back({further.location, further.address, locations.tcp_port});
  }
  return served;
}

bool faces_network(const std::vector<ServedAddress>& served) {
  return std::any_of(served.begin(), served.end(),
                     [](const ServedAddress& address) { return !address.is_ipv6() && !address.is_loopback(); });
}

bool answers(const Options& options, const std::vector<ServedAddress>& served) {
  const bool has_ipv4 =
      std::any_of(served.begin(), served.end(), [](const ServedAddress& address) { return !address.is_ipv6(); });
  return options.answers_broadcasts && has_ipv4 && (faces_network(served) || options.broadcasts_on_loopback);
}

std::string texts_of(const std::vector<RivalStatus>& rivals) {
  std::string text;
  for (const RivalStatus& rival : rivals)
    text += fmt::format("{}{} says {}", text.empty() ? "" : ", ", rival.address, rival.uri);
  return text;
}

}  // namespace

struct Neighbourhood::Impl {
  std::optional<std::string> location;
  std::optional<Announcement> announcement;
  std::optional<DiscoveryResponder> responder;
  std::optional<RivalSearch> search;

  Result<void> open_responder(Loop& loop, const Options& options, const std::vector<ServedAddress>& served,
                              std::optional<int> inherited_socket) {
    auto made = Announcement::of("PYRO:" + std::string(name_server_name), served);
    if (!made) return forward_error(made);
    announcement = std::move(*made);
    std::string host = options.broadcast_host;
    if (host.empty()) host = faces_network(served) ? every_address : loopback_address;
    auto socket = inherited_socket ? UdpSocket::adopt(loop, *inherited_socket)
                                   : UdpSocket::bind(loop, host, options.broadcast_port);
    if (!socket) {
      return fail(ErrorKind::system, fmt::format("cannot answer broadcasts: {}: choose another port with --bcport or "
                                                 "address with --bchost, or answer none with -x",
                                                 socket.error().text));
    }
    location = fmt::format("{}:{}", inherited_socket ? socket->bound_host() : host, socket->bound_port());
    const std::uint16_t port = socket->bound_port();
    responder.emplace(loop, std::move(*socket), *announcement, options.limits);
    if (faces_network(served)) {
      search.emplace(loop, RivalSearch::Target{options.broadcast_addresses, port}, *announcement, options.limits);
    }
    return {};
  }

  [[nodiscard]] Result<void> require_no_rivals(Loop& loop) {
    if (!search) return {};
    search->search([&loop] { loop.stop(); });
    loop.run();
    const std::vector<RivalStatus> found = search->known();
    if (found.empty()) return {};
    return fail(
        ErrorKind::system,
        fmt::format(
            "another name server answers broadcasts here: {}; stop it, give one of the two another --bcport, or "
            "start without --refuse-rivals",
            texts_of(found)));
  }
};

Neighbourhood::Neighbourhood(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Neighbourhood::Neighbourhood(Neighbourhood&& other) noexcept = default;
Neighbourhood& Neighbourhood::operator=(Neighbourhood&& other) noexcept = default;
Neighbourhood::~Neighbourhood() = default;

Result<Neighbourhood> Neighbourhood::join(Loop& loop, const Options& options, const Locations& locations,
                                          std::optional<int> inherited_socket) {
  const std::vector<ServedAddress> served = served_addresses(locations);
  auto impl = std::make_unique<Impl>();
  if (answers(options, served)) {
    if (auto opened = impl->open_responder(loop, options, served, inherited_socket); !opened)
      return forward_error(opened);
    if (options.refuses_rivals) {
      if (auto alone = impl->require_no_rivals(loop); !alone) return forward_error(alone);
    }
  } else if (inherited_socket) {
    log(LogLevel::warning, LogCategory::discovery,
        "the inherited UDP socket stays unused, because no broadcast is answered with -x or on loopback alone: listen "
        "on an "
        "address of the network with -n, or set --broadcast-on-loopback");
  }
  return Neighbourhood(std::move(impl));
}

void Neighbourhood::start() {
  if (impl_->responder) impl_->responder->start();
  if (impl_->search) impl_->search->start();
}

void Neighbourhood::stop() {
  if (impl_->responder) impl_->responder->close();
  if (impl_->search) impl_->search->stop();
}

const std::optional<std::string>& Neighbourhood::broadcast_location() const { return impl_->location; }

std::vector<RivalStatus> Neighbourhood::rivals() const {
  return impl_->search ? impl_->search->known() : std::vector<RivalStatus>();
}

}  // namespace hearth
