#include "client-lib/src/broadcast.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "client-lib/src/deadline.h"
#include "client-lib/src/socket.h"
#include "client-lib/src/this_machine.h"
#include "protocol/base/limits.h"
#include "protocol/wire/discovery.h"

namespace hearth {
namespace {

/// Python's name for INADDR_BROADCAST.
constexpr std::string_view any_broadcast = "<broadcast>";

std::optional<Uri> read_uri(std::string_view text) {
  auto uri = parse_uri(text);
  if (!uri || uri->protocol != "PYRO") return std::nullopt;
  return std::move(*uri);
}

/// One address to ask, and the socket that its answers come to.
class Target {
 public:
  Target(const std::string& host, std::uint16_t port) {
    const std::string resolvable = host == any_broadcast ? "255.255.255.255" : host;
    sending_.address = resolvable + ":" + std::to_string(port);
    sending_.trouble = open(resolvable, port);
  }

  [[nodiscard]] pollfd poll_entry() const { return {socket_.descriptor(), POLLIN, 0}; }
  [[nodiscard]] const BroadcastSending& sending() const { return sending_; }

  void ask() {
    if (addresses_ == nullptr) return;
    asked_at_ = Clock::now();
    const ssize_t sent = ::sendto(socket_.descriptor(), discovery_question.data(), discovery_question.size(), 0,
                                  addresses_->ai_addr, addresses_->ai_addrlen);
    if (sent >= 0) {
      sending_.trouble = std::nullopt;
      was_sent_ = true;
    } else if (!was_sent_) {
      sending_.trouble = std::strerror(errno);
    }
  }

  /// nullopt: there is none waiting, or the socket has news of another kind.
  std::optional<BroadcastAnswer> receive() {
    std::array<char, discovery_answer_bytes_max> buffer{};
    sockaddr_storage from{};
    socklen_t from_bytes = sizeof from;
    const ssize_t received = ::recvfrom(socket_.descriptor(), buffer.data(), buffer.size(), 0,
                                        reinterpret_cast<sockaddr*>(&from), &from_bytes);
    if (received < 0) return std::nullopt;
    sending_.is_answered = true;
    const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked_at_);
    BroadcastAnswer answer;
    answer.responder = address_text(reinterpret_cast<const sockaddr*>(&from), from_bytes);
    answer.is_from_this_machine = is_on_this_machine(reinterpret_cast<const sockaddr*>(&from));
    answer.text = uri_in_discovery_answer(BytesView(buffer.data(), static_cast<std::size_t>(received)));
    answer.uri = read_uri(answer.text);
    answer.round_trip_us = static_cast<std::uint64_t>(waited.count());
    return answer;
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<std::string> open(const std::string& host, std::uint16_t port) {
    auto list = resolve_host(host, port, AF_INET, SOCK_DGRAM);
    if (!list) return std::move(list.error().text);
    auto socket = open_socket(AF_INET, SOCK_DGRAM);
    if (!socket) return std::move(socket.error().text);
    const int on = 1;
    static_cast<void>(::setsockopt(socket->descriptor(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on));
    addresses_ = std::move(*list);
    socket_ = std::move(*socket);
    return "nothing was asked";
  }

  BroadcastSending sending_;
  AddressList addresses_;
  Socket socket_;
  Clock::time_point asked_at_;
  bool was_sent_ = false;
};

/// Hands on what comes before the deadline.
Asking take_answers(std::vector<Target>& targets, const Deadline& deadline,
                    const std::function<Asking(BroadcastAnswer)>& take) {
  std::vector<pollfd> entries;
  for (const Target& target : targets) entries.push_back(target.poll_entry());
  entries.push_back({deadline.interrupt_descriptor(), POLLIN, 0});
  // A flood of answers must not hold us beyond the deadline, so that is asked about first.
  for (int wait_ms = deadline.poll_timeout_ms(); wait_ms != 0; wait_ms = deadline.poll_timeout_ms()) {
    if (::poll(entries.data(), entries.size(), wait_ms) <= 0) continue;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (entries[i].revents == 0) continue;
      auto answer = targets[i].receive();
      if (!answer) continue;
      if (take(std::move(*answer)) == Asking::is_enough) return Asking::is_enough;
    }
  }
  return Asking::goes_on;
}

bool was_sent(const BroadcastSending& sending) { return !sending.trouble; }

/// Whether both come from one responder of this machine, which gave each question the address that faces it.
bool is_same_responder(const BroadcastAnswer& a, const BroadcastAnswer& b) {
  if (a.text == b.text) return true;
  if (!a.is_from_this_machine || !b.is_from_this_machine) return false;
  if (!a.uri || !b.uri || !a.uri->host || !b.uri->host) return false;
  Uri other_host = *a.uri;
  other_host.host = b.uri->host;
  return other_host == *b.uri;
}

}  // namespace

std::vector<BroadcastSending> ask_by_broadcast(std::uint16_t port, const ClientSettings& settings,
                                               const std::function<Asking(BroadcastAnswer)>& take) {
  std::vector<Target> targets;
  for (const std::string& address : settings.broadcast_addresses) targets.emplace_back(address, port);
  const std::uint32_t wait_ms = std::max(1U, settings.broadcast_wait_ms);  // 0 would mean for ever
  for (std::uint32_t round = 0; round < settings.broadcast_rounds; ++round) {
    for (Target& target : targets) target.ask();
    // An address that cannot be sent to (no such network) does not spoil the others.
    const bool waits =
        std::any_of(targets.begin(), targets.end(), [](const Target& t) { return was_sent(t.sending()); });
    const Deadline deadline = Deadline::after_ms(wait_ms, settings.interrupt.get());
    if (waits && take_answers(targets, deadline, take) == Asking::is_enough) break;
  }
  std::vector<BroadcastSending> sendings;
  for (const Target& target : targets) sendings.push_back(target.sending());
  return sendings;
}

ClientResult<Uri> first_by_broadcast(std::uint16_t port, const ClientSettings& settings) {
  std::optional<Uri> found;
  const auto sendings = ask_by_broadcast(port, settings, [&found](BroadcastAnswer answer) {
    found = std::move(answer.uri);
    return found ? Asking::is_enough : Asking::goes_on;
  });
  if (found) return std::move(*found);
  const std::string what = "the broadcast on UDP port " + std::to_string(port);
  if (std::any_of(sendings.begin(), sendings.end(), was_sent))
    return fail(ClientErrorKind::timeout, "no answer to " + what);
  return fail(ClientErrorKind::unreachable, what + " could not be sent");
}

BroadcastRound all_by_broadcast(std::uint16_t port, const ClientSettings& settings) {
  const Limits limits;
  BroadcastRound round;
  std::vector<BroadcastAnswer>& answers = round.answers;
  round.sendings = ask_by_broadcast(port, settings, [&](BroadcastAnswer answer) {
    const bool is_known = std::any_of(answers.begin(), answers.end(), [&answer](const BroadcastAnswer& known) {
      return is_same_responder(known, answer);
    });
    if (!is_known) answers.push_back(std::move(answer));
    return answers.size() < limits.broadcast_answers_max ? Asking::goes_on : Asking::is_enough;
  });
  return round;
}

}  // namespace hearth
