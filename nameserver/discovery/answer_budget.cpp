#include "nameserver/discovery/answer_budget.h"

#include <algorithm>

namespace hearth {
namespace {

constexpr std::uint64_t one_answer = 1000;  // thousandths

}  // namespace

AnswerBudget::AnswerBudget(const Limits& limits)
    : thousandths_max_(limits.discovery_burst_max * one_answer),
      thousandths_per_ms_(limits.discovery_answers_per_second_max),  // answers a second are thousandths a millisecond
      sources_max_(limits.discovery_sources_max) {}

bool AnswerBudget::spend(const std::string& source, std::uint64_t now_ms) {
  Bucket& bucket = bucket_of(source, now_ms);
  const std::uint64_t elapsed_ms = now_ms - bucket.filled_at_ms;
  bucket.thousandths = std::min(thousandths_max_, bucket.thousandths + elapsed_ms * thousandths_per_ms_);
  bucket.filled_at_ms = now_ms;
  if (bucket.thousandths < one_answer) return false;
  bucket.thousandths -= one_answer;
  return true;
}

AnswerBudget::Bucket& AnswerBudget::bucket_of(const std::string& source, std::uint64_t now_ms) {
  if (const auto known = by_source_.find(source); known != by_source_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= sources_max_) {
    by_source_.erase(buckets_.back().source);
    buckets_.pop_back();
  }
  buckets_.push_front({source, thousandths_max_, now_ms});
  by_source_.emplace(buckets_.front().source, buckets_.begin());
  return buckets_.front();
}

}  // namespace hearth
