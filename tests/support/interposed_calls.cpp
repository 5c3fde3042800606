#include "tests/support/interposed_calls.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "protocol/base/check.h"

namespace {

hearth::InterposedCalls* interposed = nullptr;

/// Fails with `answer`, or lets the real function do it.
template <typename Real>
int answer_or(int answer, Real real) {
  if (answer == 0) return real();
  errno = answer;
  return -1;
}

}  // namespace

namespace hearth {

InterposedCalls::InterposedCalls() {
  HEARTH_CHECK(interposed == nullptr);
  interposed = this;
}

InterposedCalls::~InterposedCalls() { interposed = nullptr; }

}  // namespace hearth

// Names that ld(1) prescribes for what --wrap wraps.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
int __real_link(const char* from, const char* to);
int __real_rename(const char* from, const char* to);
int __real_renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags);
int __real_unlink(const char* path);
int __real_fsync(int descriptor);

int __wrap_link(const char* from, const char* to);
int __wrap_rename(const char* from, const char* to);
int __wrap_renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags);
int __wrap_unlink(const char* path);
int __wrap_fsync(int descriptor);

int __wrap_link(const char* from, const char* to) {
  return answer_or(interposed != nullptr ? interposed->before_link(from, to) : 0,
                   [&] { return __real_link(from, to); });
}

int __wrap_rename(const char* from, const char* to) {
  return answer_or(interposed != nullptr ? interposed->before_rename(from, to) : 0,
                   [&] { return __real_rename(from, to); });
}

int __wrap_renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  const bool is_refused = flags != 0 && access(to, F_OK) == 0;  // RENAME_NOREPLACE, by the kernel
  return answer_or(interposed != nullptr && !is_refused ? interposed->before_rename(from, to) : 0,
                   [&] { return __real_renameat2(from_directory, from, to_directory, to, flags); });
}

int __wrap_unlink(const char* path) {
  return answer_or(interposed != nullptr ? interposed->before_unlink(path) : 0, [&] { return __real_unlink(path); });
}

int __wrap_fsync(int descriptor) {
  if (interposed == nullptr) return __real_fsync(descriptor);
  std::error_code ignored;
  const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), ignored);
  return answer_or(interposed->before_fsync(path.string()), [&] { return __real_fsync(descriptor); });
}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
