#include "nsc/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace hearth::nsc {
namespace {

constexpr mode_t as_umask_says = 0666;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// How the kernel names an open file.
std::string link_to(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

tl::unexpected<Error> already_there(const std::string& path) {
  return fail(ErrorKind::system, path + " exists. --force overwrites it");
}

}  // namespace

Result<NewFile> NewFile::create(const std::string& path, IfThere if_there, bool can_be_nameless) {
  struct stat found {};
  if (lstat(path.c_str(), &found) == 0) {
    // A device, too, that --force would put a file in the place of; or what a link such as /dev/stdout leads to.
    if (stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
      return fail(ErrorKind::system, path + (S_ISDIR(found.st_mode) ? " is a directory" : " is no regular file"));
    }
    if (if_there == IfThere::refuse) return already_there(path);
  }
  NewFile file(path, if_there);
  if (auto opened = file.open(can_be_nameless); !opened) return forward_error(opened);
  return file;
}

NewFile::NewFile(std::string path, IfThere if_there)
    : path_(std::move(path)), part_path_(path_ + ".part-" + std::to_string(getpid())), if_there_(if_there) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      part_path_(std::move(other.part_path_)),
      if_there_(other.if_there_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      has_part_name_(std::exchange(other.has_part_name_, false)) {}

NewFile::~NewFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (has_part_name_) unlink(part_path_.c_str());
}

Result<void> NewFile::open(bool can_be_nameless) {
  if (can_be_nameless) {
    descriptor_ = ::open(directory_of(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, as_umask_says);
    if (descriptor_ >= 0 && access(link_to(descriptor_).c_str(), F_OK) == 0) return {};
    if (descriptor_ >= 0) close(descriptor_);  // without /proc it could not be given a name
  }
  descriptor_ = ::open(part_path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, as_umask_says);
  if (descriptor_ < 0) return cannot_write();
  has_part_name_ = true;
  return {};
}

Result<void> NewFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot_write();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> NewFile::finish() {
  if (fsync(descriptor_) != 0) return cannot_write();
  if (auto named = give_name(); !named) return named;
  const int directory = ::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_durable = directory >= 0 && fsync(directory) == 0;
  auto result = is_durable ? Result<void>() : cannot_write();
  if (directory >= 0) close(directory);
  return result;
}

Result<void> NewFile::give_name() {
  if (!has_part_name_) {
    const std::string& name = if_there_ == IfThere::refuse ? path_ : part_path_;
    const bool done = linkat(AT_FDCWD, link_to(descriptor_).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    if (!done) return errno == EEXIST ? already_there(path_) : cannot_write();
    if (if_there_ == IfThere::refuse) return {};
    has_part_name_ = true;
  }
  if (!take_name()) return errno == EEXIST ? already_there(path_) : cannot_write();
  has_part_name_ = false;
  return {};
}

/// From the part's name to that of the file.
bool NewFile::take_name() const {
  const unsigned flags = if_there_ == IfThere::refuse ? RENAME_NOREPLACE : 0;
  if (renameat2(AT_FDCWD, part_path_.c_str(), AT_FDCWD, path_.c_str(), flags) == 0) return true;
  if (flags == 0 || (errno != EINVAL && errno != ENOSYS)) return false;
  // A file system that cannot do both at once, such as NFS: who makes the file in this moment loses it.
  if (access(path_.c_str(), F_OK) == 0) {
    errno = EEXIST;
    return false;
  }
  return rename(part_path_.c_str(), path_.c_str()) == 0;
}

tl::unexpected<Error> NewFile::cannot_write() const {
  return fail(ErrorKind::system, "cannot write " + path_ + ": " + std::strerror(errno));
}

}  // namespace hearth::nsc
