#include "protocol/base/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hearth {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Error> system_error() { return fail(ErrorKind::system, std::strerror(errno)); }

}  // namespace

Result<SmallFile> read_small_file(const std::string& path, std::size_t bytes_max) {
  // Without O_NONBLOCK the name of a FIFO would hold us here for ever.
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) return system_error();
  if (!S_ISREG(status.st_mode)) return fail(ErrorKind::malformed, "it is no regular file");
  if (static_cast<std::size_t>(status.st_size) > bytes_max)
    return fail(ErrorKind::malformed, "it is too large to be one");
  SmallFile file{{}, (status.st_mode & S_IROTH) != 0};
  file.text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t size = 0;
  while (size < file.text.size()) {
    const ssize_t count = ::read(descriptor.get(), file.text.data() + size, file.text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error();
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  file.text.resize(size);
  return file;
}

}  // namespace hearth
