#include "nameserver/upkeep/rival_list.h"

#include <algorithm>

namespace hearth {

void RivalList::heard(const std::string& address, const std::string& uri) {
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.rival.address == address && entry.rival.uri == uri;
  });
  if (known != entries_.end()) {
    known->is_heard = true;
  } else if (entries_.size() < rivals_max_) {
    entries_.push_back({{address, uri}});
  }
}

RivalList::News RivalList::end_search() {
  News news;
  for (Entry& entry : entries_) {
    if (!entry.is_known) news.appeared.push_back(entry.rival);
    entry.is_known = true;
    entry.silent_searches = entry.is_heard ? 0 : entry.silent_searches + 1;
    entry.is_heard = false;
    if (entry.silent_searches == silent_searches_until_gone) news.gone.push_back(entry.rival);
  }
  std::erase_if(entries_, [](const Entry& entry) { return entry.silent_searches == silent_searches_until_gone; });
  return news;
}

std::vector<RivalStatus> RivalList::known() const {
  std::vector<RivalStatus> rivals;
  for (const Entry& entry : entries_) {
    if (entry.is_known) rivals.push_back(entry.rival);
  }
  return rivals;
}

}  // namespace hearth
