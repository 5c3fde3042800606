#include "nameserver/access/audit_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hearth {
namespace {

constexpr int nothing = -1;

tl::unexpected<Error> cannot_write(const std::string& place) {
  return fail(ErrorKind::system, fmt::format("cannot write the audit log to {}: {}", place, std::strerror(errno)));
}

}  // namespace

AuditFile::AuditFile(int descriptor, std::string place, std::string line_start)
    : descriptor_(descriptor), place_(std::move(place)), line_start_(std::move(line_start)) {}

Result<AuditFile> AuditFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
  if (descriptor < 0) return cannot_write(path);
  return AuditFile(descriptor, path, {});
}

AuditFile AuditFile::standard_error(bool is_journal) {
  return {STDERR_FILENO, "standard error", is_journal ? "<5>audit: " : "audit: "};
}

AuditFile::~AuditFile() {
  if (descriptor_ >= 0 && line_start_.empty()) ::close(descriptor_);
}

AuditFile::AuditFile(AuditFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, nothing)),
      place_(std::move(other.place_)),
      line_start_(std::move(other.line_start_)) {}

AuditFile& AuditFile::operator=(AuditFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(place_, other.place_);
  std::swap(line_start_, other.line_start_);
  return *this;
}

Result<void> AuditFile::write(std::string_view lines) {
  std::string marked;
  if (!line_start_.empty()) {
    while (!lines.empty()) {
      const std::size_t size = lines.find('\n') + 1;
      marked.append(line_start_).append(lines.substr(0, size));
      lines.remove_prefix(size);
    }
    lines = marked;
  }
  while (!lines.empty()) {
    const ssize_t count = ::write(descriptor_, lines.data(), lines.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_write(place_);
    lines.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace hearth
