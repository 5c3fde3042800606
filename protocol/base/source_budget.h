/// SourceBudget: how much of something each source may still have: a token bucket for each, which holds a burst and gains so
/// many tokens a second.
///
/// Layer: base (no clock: the caller says what time it is).        Thread rule: none, plain object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hearth {

class SourceBudget {
 public:
  struct Settings {
    std::uint32_t per_second;
    std::uint64_t burst;
    std::uint32_t
        sources_max;  ///< remembered; the one that is silent for longest is forgotten first, and starts afresh
  };
  explicit SourceBudget(const Settings& settings);

  /// Takes one token, if there is one. `now_ms` never goes back, here and below.
  [[nodiscard]] bool spend(const std::string& source, std::uint64_t now_ms);

  /// Takes so many, into debt if need be. Returns for how many milliseconds the source is in debt.
  [[nodiscard]] std::uint64_t charge(const std::string& source, std::uint64_t count, std::uint64_t now_ms);

  [[nodiscard]] std::size_t sources() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::string source;
    std::int64_t thousandths;  ///< of tokens
    std::uint64_t filled_at_ms;
  };

  Bucket& filled_bucket(const std::string& source, std::uint64_t now_ms);
  Bucket& bucket_of(const std::string& source, std::uint64_t now_ms);

  const std::int64_t thousandths_max_;
  const std::int64_t thousandths_per_ms_;
  const std::size_t sources_max_;
  std::list<Bucket> buckets_;                                                    ///< who asked last comes first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_source_;  ///< keys lie in the buckets
};

}  // namespace hearth
