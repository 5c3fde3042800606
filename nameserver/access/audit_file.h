/// AuditFile: where the audit log goes: a file, or standard error, which systemd puts into the journal.
///
/// Layer: access.        Thread rule: one thread at a time. Writing blocks on the disk, as the log does.
/// Ownership: owns its descriptor. Errors (ErrorKind::system): one sentence for the operator.
#pragma once

#include <string>
#include <string_view>

#include <hearth/result.h>

namespace hearth {

class AuditFile {
 public:
  /// Appends; others may not read a new file.
  [[nodiscard]] static Result<AuditFile> open(const std::string& path);
  /// Lines begin with "audit: ", and with the priority `<5>` (sd-daemon(3)) if journald reads them.
  [[nodiscard]] static AuditFile standard_error(bool is_journal);

  ~AuditFile();
  AuditFile(AuditFile&& other) noexcept;
  AuditFile& operator=(AuditFile&& other) noexcept;

  /// Whole lines, each with its end. They begin on a line of their own, also behind one that could not be written whole.
  [[nodiscard]] Result<void> write(std::string_view lines);

 private:
  AuditFile(int descriptor, std::string place, std::string line_start);

  [[nodiscard]] Result<void> write_text(std::string_view text);

  int descriptor_;
  std::string place_;          ///< for errors
  bool is_line_torn_ = false;  ///< the last write has ended in the middle of one
  std::string line_start_;     ///< of standard error, which is not closed; empty: a file of its own
};

}  // namespace hearth
