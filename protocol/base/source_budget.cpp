#include "protocol/base/source_budget.h"

#include <algorithm>

namespace hearth {
namespace {

constexpr std::int64_t token = 1000;  // thousandths

/// Of so much debt nobody gets out; it keeps the arithmetic within its type.
constexpr std::int64_t debt_max = token * 1'000'000'000;

}  // namespace

SourceBudget::SourceBudget(const Settings& settings)
    : thousandths_max_(static_cast<std::int64_t>(settings.burst) * token),
      thousandths_per_ms_(settings.per_second),  // tokens a second are thousandths a millisecond
      sources_max_(settings.sources_max) {}

bool SourceBudget::spend(const std::string& source, std::uint64_t now_ms) {
  Bucket& bucket = filled_bucket(source, now_ms);
  if (bucket.thousandths < token) return false;
  bucket.thousandths -= token;
  return true;
}

std::uint64_t SourceBudget::charge(const std::string& source, std::uint64_t count, std::uint64_t now_ms) {
  Bucket& bucket = filled_bucket(source, now_ms);
  const std::int64_t price = static_cast<std::int64_t>(std::min<std::uint64_t>(count, debt_max / token)) * token;
  bucket.thousandths = std::max(bucket.thousandths - price, -debt_max);
  if (bucket.thousandths >= 0) return 0;
  return static_cast<std::uint64_t>((thousandths_per_ms_ - 1 - bucket.thousandths) / thousandths_per_ms_);
}

SourceBudget::Bucket& SourceBudget::filled_bucket(const std::string& source, std::uint64_t now_ms) {
  Bucket& bucket = bucket_of(source, now_ms);
  // So long it takes to fill from the deepest debt; what is beyond that adds nothing.
  const std::int64_t fill_ms_max = (thousandths_max_ + debt_max) / std::max<std::int64_t>(thousandths_per_ms_, 1) + 1;
  const std::uint64_t elapsed_ms = std::min(now_ms - bucket.filled_at_ms, static_cast<std::uint64_t>(fill_ms_max));
  bucket.thousandths =
      std::min(thousandths_max_, bucket.thousandths + static_cast<std::int64_t>(elapsed_ms) * thousandths_per_ms_);
  bucket.filled_at_ms = now_ms;
  return bucket;
}

SourceBudget::Bucket& SourceBudget::bucket_of(const std::string& source, std::uint64_t now_ms) {
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
