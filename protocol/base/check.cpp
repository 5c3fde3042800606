#include "protocol/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hearth {

void check_failed(const char* file, int line, const char* promise) noexcept {
  std::fprintf(stderr, "hearth: internal error, please report: %s:%d: broken promise: %s\n", file, line, promise);
  std::abort();
}

}  // namespace hearth
