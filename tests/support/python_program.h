/// PythonProgram: one of the tests' Python programs, run as a child until it is stopped or destroyed.
///
/// Thread rule: one thread at a time. The programs end when their standard input does, so none survives the tests.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace hearth::test {

class PythonProgram {
 public:
  /// `file` is named from the folder tests/.
  PythonProgram(const std::string& file, const std::vector<std::string>& arguments = {});
  ~PythonProgram() { stop(); }
  PythonProgram(const PythonProgram&) = delete;
  PythonProgram& operator=(const PythonProgram&) = delete;

  /// The next line that it prints, without its end; aborts the tests if it ends instead.
  [[nodiscard]] std::string read_line();

  /// Kills it and waits for its end.
  void stop();

 private:
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
};

}  // namespace hearth::test
