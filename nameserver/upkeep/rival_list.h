/// RivalList: the other name servers that answer broadcasts on our network, as one search after the other finds them.
///
/// Layer: upkeep (registry).        Thread rule: loop thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nameserver/registry/server_status.h"

namespace hearth {

class RivalList {
 public:
  struct News {
    std::vector<RivalStatus> appeared;
    std::vector<RivalStatus> gone;
  };

  /// Datagrams get lost: one search without an answer does not make a rival go.
  static constexpr unsigned silent_searches_until_gone = 2;

  /// Remembers at most `rivals_max`: those that come when it is full are left out.
  explicit RivalList(std::size_t rivals_max) : rivals_max_(rivals_max) {}

  /// During a search: somebody else has answered. As often as he likes.
  void heard(const std::string& address, const std::string& uri);
  /// What the search has changed.
  [[nodiscard]] News end_search();

  /// As of the end of the last search.
  [[nodiscard]] std::vector<RivalStatus> known() const;

 private:
  struct Entry {
    RivalStatus rival;
    bool is_heard = true;   ///< in the running search
    bool is_known = false;  ///< a search has ended since it was first heard
    unsigned silent_searches = 0;
  };

  std::size_t rivals_max_;
  std::vector<Entry> entries_;
};

}  // namespace hearth
