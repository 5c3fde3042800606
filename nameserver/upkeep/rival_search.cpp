#include "nameserver/upkeep/rival_search.h"

#include <fmt/format.h>

#include <utility>

#include <hearth/repr.h>

#include "protocol/base/log.h"
#include "protocol/loop/local_address.h"
#include "protocol/value/repr_parts.h"
#include "protocol/wire/discovery.h"

namespace hearth {
namespace {

constexpr std::string_view any_broadcast = "<broadcast>";  // Python's name for INADDR_BROADCAST
constexpr const char* limited_broadcast = "255.255.255.255";

/// What a stranger sent, fit for a log and a terminal: Python's escapes for whatever cannot be printed.
std::string printable(const std::string& text) {
  const std::string quoted = repr(Value(text));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

RivalSearch::RivalSearch(Loop& loop, const Target& target, const Announcement& announcement, const Limits& limits)
    : loop_(loop),
      port_(target.port),
      announcement_(announcement),
      limits_(limits),
      list_(limits.rivals_max),
      window_(loop, [this] { on_window_over(); }),
      period_(loop, [this] { search(); }) {
  for (const std::string& host : target.hosts) {
    if (host == any_broadcast) asks_every_network_ = true;
    auto address = resolve_ipv4(host == any_broadcast ? limited_broadcast : host);
    if (address) {
      addresses_.push_back(std::move(*address));
    } else {
      log(LogLevel::warning, LogCategory::discovery, "no search for other name servers there: " + address.error().text);
    }
  }
}

void RivalSearch::start() {
  search();
  period_.start_every(limits_.rival_search_period_ms);
}

void RivalSearch::search(std::function<void()> ended) {
  ended_ = std::move(ended);
  own_addresses_ = local_addresses();
  ask();
  window_.start_once(limits_.rival_search_window_ms);
}

void RivalSearch::stop() {
  window_.stop();
  period_.stop();
  socket_.reset();
}

void RivalSearch::ask() {
  auto socket = UdpSocket::bind(loop_, "0.0.0.0", 0);
  if (!socket) {
    log(LogLevel::warning, LogCategory::discovery, "no search for other name servers: " + socket.error().text);
    return;
  }
  socket_ = std::move(*socket);
  socket_->allow_broadcast();
  socket_->start(discovery_answer_bytes_max, [this](const Datagram& datagram) { on_answer(datagram); });
  std::vector<std::string> addresses = addresses_;
  if (asks_every_network_) {
    for (std::string& network : broadcast_addresses()) addresses.push_back(std::move(network));
  }
  for (const std::string& address : addresses) {
    const auto sent = socket_->send(discovery_question, address, port_);
    if (!sent) {  // without a network of that kind this is how it should be
      log(LogLevel::debug, LogCategory::discovery,
          fmt::format("no search for other name servers at {}: {}", address, sent.error().text));
    }
  }
}

void RivalSearch::on_answer(const Datagram& datagram) {
  const std::string uri = uri_in_discovery_answer(datagram.bytes);
  if (announcement_.is_ours(uri, datagram.host, own_addresses_)) return;
  list_.heard(fmt::format("{}:{}", datagram.host, datagram.port), printable(uri));
}

void RivalSearch::on_window_over() {
  socket_.reset();
  const RivalList::News news = list_.end_search();
  const auto ended = std::exchange(ended_, {});
  ended ? ended() : log_news(news);
}

void RivalSearch::log_news(const RivalList::News& news) const {
  for (const RivalStatus& rival : news.appeared) {
    log(LogLevel::warning, LogCategory::discovery,
        fmt::format("another name server answers broadcasts here: {} says {}. Clients take the first answer, so each "
                    "of the two "
                    "misses names: stop one, or give it another --bcport",
                    rival.address, rival.uri));
  }
  for (const RivalStatus& rival : news.gone) {
    log(LogLevel::info, LogCategory::discovery,
        fmt::format("the other name server at {} ({}) answers no more", rival.address, rival.uri));
  }
}

}  // namespace hearth
