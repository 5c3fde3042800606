#include <hearth/interrupt.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace hearth {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler must not take a lock");

ClientResult<std::shared_ptr<Interrupt>> Interrupt::create() {
  const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) {
    return fail(ClientErrorKind::unreachable, std::string("cannot open an event descriptor: ") + std::strerror(errno));
  }
  return std::shared_ptr<Interrupt>(new Interrupt(descriptor));
}

Interrupt::~Interrupt() { ::close(descriptor_); }

void Interrupt::set() noexcept {
  const int error = errno;  // of what a signal handler has interrupted
  is_set_ = true;
  const std::uint64_t one = 1;
  static_cast<void>(::write(descriptor_, &one, sizeof one) == sizeof one);  // fails only if it is set 2^64 times
  errno = error;
}

void Interrupt::clear() noexcept {
  is_set_ = false;
  std::uint64_t count = 0;
  static_cast<void>(::read(descriptor_, &count, sizeof count) == sizeof count);  // fails only if it was not set
}

}  // namespace hearth
