#include "nameserver/access/audit_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace hearth {
namespace {

constexpr int nothing = -1;

tl::unexpected<Error> cannot_write(const std::string& place) {
  return fail(ErrorKind::system, fmt::format("cannot write the audit log to {}: {}", place, std::strerror(errno)));
}

/// Of a file that cannot be read: no.
bool ends_in_mid_line(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char last = '\n';
  return file.seekg(-1, std::ios::end) && file.get(last) && last != '\n';
}

}  // namespace

AuditFile::AuditFile(int descriptor, std::string place, std::string line_start)
    : descriptor_(descriptor), place_(std::move(place)), line_start_(std::move(line_start)) {}

Result<AuditFile> AuditFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
  if (descriptor < 0) return cannot_write(path);
  AuditFile file(descriptor, path, {});
  file.is_line_torn_ = ends_in_mid_line(path);
  return file;
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
      is_line_torn_(other.is_line_torn_),
      line_start_(std::move(other.line_start_)) {}

AuditFile& AuditFile::operator=(AuditFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(place_, other.place_);
  std::swap(is_line_torn_, other.is_line_torn_);
  std::swap(line_start_, other.line_start_);
  return *this;
}

Result<void> AuditFile::write(std::string_view lines) {
  if (lines.empty()) return {};
  std::string text;
  if (is_line_torn_) text = "\n";
  while (!lines.empty()) {
    const std::size_t size = lines.find('\n') + 1;
    text.append(line_start_).append(lines.substr(0, size));
    lines.remove_prefix(size);
  }
  return write_text(text);
}

Result<void> AuditFile::write_text(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_write(place_);
    if (count > 0) is_line_torn_ = text[static_cast<std::size_t>(count) - 1] != '\n';
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace hearth
