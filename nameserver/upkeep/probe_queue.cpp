#include "nameserver/upkeep/probe_queue.h"

#include "protocol/base/check.h"

namespace hearth {

void ProbeQueue::add(std::string_view host) {
  const auto [number, is_new] = numbers_.try_emplace(std::string(host), hosts_.size());
  if (is_new) hosts_.emplace_back();
  hosts_[number->second].waiting.push_back(host_of_item_.size());
  host_of_item_.push_back(number->second);
  ++waiting_;
  update(number->second);
}

std::optional<std::size_t> ProbeQueue::take() {
  if (running_ >= at_once_max_ || ready_.empty()) return std::nullopt;
  const std::size_t number = ready_.front();
  ready_.pop_front();
  Host& host = hosts_[number];
  host.is_ready = false;
  const std::size_t item = host.waiting.front();
  host.waiting.pop_front();
  ++host.running;
  ++running_;
  --waiting_;
  update(number);
  return item;
}

void ProbeQueue::finish(std::size_t item) {
  const std::size_t number = host_of_item_[item];
  HEARTH_CHECK(hosts_[number].running > 0);
  --hosts_[number].running;
  --running_;
  update(number);
}

void ProbeQueue::clear() {
  numbers_.clear();
  hosts_.clear();
  host_of_item_.clear();
  ready_.clear();
  waiting_ = 0;
  running_ = 0;
}

/// Puts the host behind the others if it has something to probe.
void ProbeQueue::update(std::size_t host) {
  Host& entry = hosts_[host];
  if (entry.is_ready || entry.waiting.empty() || entry.running >= per_host_max_) return;
  entry.is_ready = true;
  ready_.push_back(host);
}

}  // namespace hearth
