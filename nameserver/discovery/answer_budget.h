/// AnswerBudget: how many answers a source may still get. A datagram's sender can be forged, and a forged flood of
/// questions must not become our flood of answers to whoever really has that address.
///
/// Layer: discovery (base only; no clock: the caller says what time it is).        Thread rule: none, plain object.
/// A token bucket for each source: it holds discovery_burst_max answers and gains discovery_answers_per_second_max a
/// second.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/base/limits.h"

namespace hearth {

class AnswerBudget {
 public:
  explicit AnswerBudget(const Limits& limits);

  /// Whether the source may be answered now; if so, that is one answer less. `now_ms` never goes back.
  [[nodiscard]] bool spend(const std::string& source, std::uint64_t now_ms);

  /// Sources remembered; one that is forgotten starts afresh.
  [[nodiscard]] std::size_t sources() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::string source;
    std::uint64_t thousandths;  ///< of answers
    std::uint64_t filled_at_ms;
  };

  Bucket& bucket_of(const std::string& source, std::uint64_t now_ms);

  const std::uint64_t thousandths_max_;
  const std::uint64_t thousandths_per_ms_;
  const std::size_t sources_max_;
  std::list<Bucket> buckets_;                                                    ///< who asked last comes first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_source_;  ///< keys lie in the buckets
};

}  // namespace hearth
