#include "nameserver/model/registration.h"

#include <algorithm>

namespace hearth {

void sort_tags(Tags& tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

}  // namespace hearth
