#include "tests/support/child_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

#include "protocol/base/check.h"

extern char** environ;

namespace hearth::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Without what a Pyro user may have set.
std::vector<std::string> clean_environment() {
  std::vector<std::string> variables{"PYTHONDONTWRITEBYTECODE=1"};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("PYRO_")) variables.emplace_back(*variable);
  }
  return variables;
}

}  // namespace

ChildProgram::ChildProgram(std::vector<std::string> words) {
  std::vector<std::string> environment = clean_environment();

  int input[2];
  int output[2];
  HEARTH_CHECK(::pipe2(input, O_CLOEXEC) == 0 && ::pipe2(output, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  HEARTH_CHECK(::posix_spawn(&child_, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                             pointers(environment).data()) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
}

std::string ChildProgram::read_line(std::string_view start) {
  for (std::string line;;) {
    char c = 0;
    const ssize_t count = ::read(output_, &c, 1);
    HEARTH_CHECK(count == 1);
    if (c != '\n') {
      line += c;
    } else if (line.starts_with(start)) {
      return line.substr(start.size());
    } else {
      line.clear();
    }
  }
}

void ChildProgram::stop() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  ::close(input_);
  ::close(output_);
  child_ = -1;
}

std::vector<std::string> python_words(const std::string& file, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"/usr/bin/python3", HEARTH_TESTS "/" + file};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

}  // namespace hearth::test
