/// NewFile: a file that appears under its name complete and synced, or not at all.
///
/// Layer: nsc.        Thread rule: one thread at a time.
/// Ownership: without finish() nothing is left of it. Where the file system can do that it has no name until then, so that not
/// even a kill leaves anything; elsewhere it is called "<path>.part-<process id>" meanwhile.
/// Errors: ErrorKind::system, one line with the path.
#pragma once

#include <string>
#include <string_view>

#include <hearth/result.h>

namespace hearth::nsc {

class NewFile {
 public:
  enum class IfThere : unsigned char { refuse, replace };
  /// `can_be_nameless`: false for a file system where it cannot.
  [[nodiscard]] static Result<NewFile> create(const std::string& path, IfThere if_there, bool can_be_nameless = true);

  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  [[nodiscard]] Result<void> write(std::string_view bytes);
  /// Once, as the last call.
  [[nodiscard]] Result<void> finish();

 private:
  NewFile(std::string path, IfThere if_there);
  [[nodiscard]] Result<void> open(bool can_be_nameless);
  [[nodiscard]] Result<void> give_name();
  [[nodiscard]] bool take_name() const;
  [[nodiscard]] tl::unexpected<Error> cannot_write() const;

  std::string path_;
  std::string part_path_;
  IfThere if_there_;
  int descriptor_ = -1;
  bool has_part_name_ = false;
};

}  // namespace hearth::nsc
