#include <hearth/locate.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "client-lib/src/broadcast.h"
#include "client-lib/src/search_plan.h"

namespace hearth {
namespace {

/// Goes through the plan until something is found.
class Search {
 public:
  explicit Search(const ClientSettings& settings) : settings_(settings) {}

  tl::expected<NameServerClient, LocateFailure> run(const std::vector<SearchStep>& steps) {
    for (const SearchStep& step : steps) {
      if (auto found = take(step)) return NameServerClient(std::move(*found));
    }
    return tl::unexpected<LocateFailure>(std::move(failure_));
  }

 private:
  std::optional<Proxy> take(const SearchStep& step) {
    if (step.kind == SearchStepKind::broadcast) return try_broadcast(step.broadcast_port);
    auto found = try_uri(step.name_server);
    const bool is_no_news = !found && step.kind == SearchStepKind::debian_loopback &&
                            failure_.steps.back().kind == ClientErrorKind::unreachable;
    if (is_no_news) failure_.steps.pop_back();
    return found;
  }

  std::optional<Proxy> try_uri(const Uri& uri) {
    auto proxy = Proxy::connect(uri, settings_);
    if (proxy) return std::move(*proxy);
    failure_.steps.push_back(std::move(proxy.error()));
    return std::nullopt;
  }

  std::optional<Proxy> try_broadcast(std::uint16_t port) {
    auto uri = first_by_broadcast(port, settings_);
    if (!uri) {
      failure_.steps.push_back(std::move(uri.error()));
      return std::nullopt;
    }
    auto found = try_uri(*uri);
    if (!found) {
      ClientError& step = failure_.steps.back();
      step.text = "the broadcast on UDP port " + std::to_string(port) + " was answered with " + uri->text() + ", but " +
                  step.text;
    }
    return found;
  }

  const ClientSettings& settings_;
  LocateFailure failure_;
};

std::optional<FoundNameServer> find_at(const Uri& uri, const ClientSettings& settings) {
  auto proxy = Proxy::connect(uri, settings);
  if (!proxy) return std::nullopt;
  using Clock = std::chrono::steady_clock;
  const Clock::time_point asked_at = Clock::now();
  if (!NameServerClient(std::move(*proxy)).ping()) return std::nullopt;
  const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked_at);
  return FoundNameServer{FoundNameServer::Way::direct, uri.location().value_or(""), uri,
                         static_cast<std::uint64_t>(waited.count())};
}

}  // namespace

std::string LocateFailure::text() const {
  std::string text;
  for (const ClientError& step : steps) {
    if (!text.empty()) text += "; ";
    text += step.text;
  }
  return text;
}

bool LocateFailure::somebody_answered() const {
  return std::any_of(steps.begin(), steps.end(), [](const ClientError& step) {
    return step.kind == ClientErrorKind::refused || step.kind == ClientErrorKind::protocol;
  });
}

ClientError LocateFailure::as_error() const {
  ClientErrorKind kind = ClientErrorKind::unreachable;
  for (const ClientError& step : steps) {
    if (step.kind != ClientErrorKind::timeout && step.kind != ClientErrorKind::unreachable) kind = step.kind;
  }
  return {kind, "no name server: " + text()};
}

tl::expected<NameServerClient, LocateFailure> locate(const NameServerPlace& place, const ClientSettings& settings) {
  return Search(settings).run(plan_search(place, settings));
}

std::vector<FoundNameServer> locate_all(const NameServerPlace& place, const ClientSettings& settings) {
  std::vector<FoundNameServer> all;
  for (const SearchStep& step : plan_search(place, settings)) {
    if (step.kind != SearchStepKind::broadcast) {
      if (auto found = find_at(step.name_server, settings)) all.push_back(std::move(*found));
      continue;
    }
    for (BroadcastAnswer& answer : all_by_broadcast(step.broadcast_port, settings).answers) {
      if (!answer.uri) continue;
      all.push_back(
          {FoundNameServer::Way::broadcast, std::move(answer.responder), std::move(*answer.uri), answer.round_trip_us});
    }
  }
  return all;
}

}  // namespace hearth
