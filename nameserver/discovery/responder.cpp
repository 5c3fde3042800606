#include "nameserver/discovery/responder.h"

#include <fmt/format.h>

#include <utility>

#include "protocol/wire/discovery.h"

namespace hearth {
namespace {

SourceBudget::Settings answers_of(const Limits& limits) {
  return {limits.discovery_answers_per_second_max, limits.discovery_burst_max, limits.discovery_sources_max};
}

}  // namespace

DiscoveryResponder::DiscoveryResponder(Loop& loop, UdpSocket socket, const Announcement& announcement,
                                       const Limits& limits)
    : loop_(loop), socket_(std::move(socket)), announcement_(announcement), budget_(answers_of(limits)) {}

void DiscoveryResponder::start() {
  constexpr std::size_t bytes_max = discovery_question.size() + 1;  // one more tells that it is something else
  socket_.start(bytes_max, [this](const Datagram& datagram) { on_datagram(datagram); });
}

void DiscoveryResponder::on_datagram(const Datagram& datagram) {
  const bool is_ipv4 = datagram.host.find(':') == std::string::npos;
  if (datagram.bytes != discovery_question || datagram.port == 0 || !is_ipv4) return;
  if (!budget_.spend(datagram.host, loop_.now_ms())) {
    return held_back_.write(
        loop_.now_ms(), LogLevel::warning, LogCategory::discovery,
        fmt::format("{} asks for the name server so often that questions go unanswered: a program asks in "
                    "a loop, or somebody forges that address",
                    datagram.host));
  }
  if (const auto answered = answer(datagram); !answered) {
    failed_.write(
        loop_.now_ms(), LogLevel::warning, LogCategory::discovery,
        fmt::format("{} asks for the name server, but cannot be answered: {}", datagram.host, answered.error().text));
  }
}

Result<void> DiscoveryResponder::answer(const Datagram& question) {
  auto answer = announcement_.answer_for(question.host);
  if (!answer) return forward_error(answer);
  if (log_enabled(LogLevel::debug, LogCategory::discovery)) {
    log(LogLevel::debug, LogCategory::discovery,
        fmt::format("{}:{} asks for the name server: {}", question.host, question.port,
                    uri_in_discovery_answer(*answer)));
  }
  return socket_.send(*answer, question.host, question.port);
}

}  // namespace hearth
