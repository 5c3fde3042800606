/// ChildProgram: another program that runs beside the tests until it is stopped or destroyed.
///
/// Thread rule: one thread at a time. The tests' own programs end when their standard input does, so none survives the tests.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace hearth::test {

class ChildProgram {
 public:
  /// The path of the program and its arguments. It gets our environment without what a Pyro user may have set in it.
  explicit ChildProgram(std::vector<std::string> words);
  ~ChildProgram() { stop(); }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// What follows `start` in the next line of its standard output that begins so; aborts the tests if it ends before.
  [[nodiscard]] std::string read_line(std::string_view start);

  /// Kills it and waits for its end.
  void stop();

 private:
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
};

/// The words that run a Python program, which is named from the folder tests/.
[[nodiscard]] std::vector<std::string> python_words(const std::string& file, const std::vector<std::string>& arguments);

}  // namespace hearth::test
