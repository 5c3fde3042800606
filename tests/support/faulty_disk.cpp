// A library to preload into hearthd (LD_PRELOAD), whose disk can then be made to fail or to kill it at a chosen operation.
//
// What it shall do stands in a file that the test maps into memory too (interop/faulty_disk.py has the same layout); the
// variable HEARTH_FAULTY_DISK names it. Knows nothing of hearth: it sees the calls of SQLite and of ours to the C library.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

struct Control {
  std::atomic<std::int64_t> operations;  ///< begun until now, by all processes
  std::atomic<std::int64_t> dies_at;     ///< the one instead of which the process is killed; 0: none
  // Errno values; 0: it works.
  std::atomic<std::int32_t> log_sync_error;
  std::atomic<std::int32_t> database_sync_error;
  std::atomic<std::int32_t> write_error;
};
static_assert(sizeof(Control) <= 4096);

/// Where nobody has asked for faults all stays zero.
Control no_faults;

Control& map_control() {
  const char* path = std::getenv("HEARTH_FAULTY_DISK");
  const int descriptor = path != nullptr ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (descriptor < 0) return no_faults;
  void* memory = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  return memory != MAP_FAILED ? *static_cast<Control*>(memory) : no_faults;
}

Control& control() {
  static Control& mapped = map_control();
  return mapped;
}

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/// Whether this is the operation at which the process dies: half done, if `half_do` can do that, or not begun.
template <typename HalfDo>
void begin_operation(HalfDo half_do) {
  const std::int64_t number = ++control().operations;
  if (number != control().dies_at) return;
  if (number % 2 != 0) half_do();
  die();
}

void begin_operation() {
  begin_operation([] {});
}

bool is_log(int descriptor) {
  std::array<char, 64> link{};
  std::array<char, 4096> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link.data(), path.data(), path.size());
  return length > 0 && std::string_view(path.data(), static_cast<std::size_t>(length)).ends_with("-wal");
}

int failed(int error) {
  errno = error;
  return -1;
}

template <typename Function>
Function* next(Function* /*ours*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int sync_error(int descriptor) { return is_log(descriptor) ? control().log_sync_error : control().database_sync_error; }

}  // namespace

extern "C" {

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  static const auto real = next(pwrite64, "pwrite64");
  begin_operation([&] { real(descriptor, bytes, size / 2, offset); });
  if (const int error = control().write_error; error != 0) return failed(error);
  return real(descriptor, bytes, size, offset);
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  static const auto real = next(ftruncate64, "ftruncate64");
  begin_operation();
  return real(descriptor, size);
}

int fdatasync(int descriptor) {
  static const auto real = next(fdatasync, "fdatasync");
  begin_operation();
  if (const int error = sync_error(descriptor); error != 0) return failed(error);
  return real(descriptor);
}

int fsync(int descriptor) {
  static const auto real = next(fsync, "fsync");
  begin_operation();
  if (const int error = sync_error(descriptor); error != 0) return failed(error);
  return real(descriptor);
}

int unlink(const char* path) noexcept {
  static const auto real = next(unlink, "unlink");
  begin_operation();
  return real(path);
}

int link(const char* from, const char* to) noexcept {
  static const auto real = next(link, "link");
  begin_operation();
  return real(from, to);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next(rename, "rename");
  begin_operation();
  return real(from, to);
}

int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) noexcept {
  static const auto real = next(renameat2, "renameat2");
  begin_operation();
  return real(from_directory, from, to_directory, to, flags);
}
}
