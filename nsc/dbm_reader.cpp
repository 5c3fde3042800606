#include "nsc/dbm_reader.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): not every libc declares it

namespace hearth::nsc {
namespace {

/// Both ends of a pipe; what is still open is closed.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    for (int& end : ends_) close_end(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] bool is_open() const { return ends_[0] >= 0; }
  [[nodiscard]] int input() const { return ends_[1]; }
  void close_input() { close_end(ends_[1]); }

  /// Until the other side has closed it.
  [[nodiscard]] std::string read_all() const {
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t length = ::read(ends_[0], buffer.data(), buffer.size());
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(length));
    }
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_{};
};

/// Beside nsc, where a build puts it, or in the share/hearth that belongs to nsc's bin.
Result<std::string> find_script() {
  std::array<char, 4096> program{};
  const ssize_t length = ::readlink("/proc/self/exe", program.data(), program.size());
  std::string folder(program.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  folder.erase(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/'));
  const std::string beside = folder + "/pyro4_dbm.py";
  const std::string installed = folder + "/../share/hearth/pyro4_dbm.py";
  for (const std::string& path : {beside, installed}) {
    if (::access(path.c_str(), R_OK) == 0) return path;
  }
  return fail(ErrorKind::system, "the script that reads dbm files is missing: it belongs to " + installed);
}

struct Ended {
  int status;
  std::string output;
  std::string trouble;
};

/// Errors: errno.
tl::expected<Ended, int> run_python(const std::string& script, const std::string& path) {
  Pipe output;
  Pipe trouble;
  if (!output.is_open() || !trouble.is_open()) return tl::unexpected(errno);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output.input(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, trouble.input(), STDERR_FILENO);
  std::array<std::string, 5> words{"python3", "-I", script, "--",
                                   path};  // -I: no variable and no folder leads it astray
  std::array<char*, 6> arguments{};
  std::transform(words.begin(), words.end(), arguments.begin(), [](std::string& word) { return word.data(); });
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "python3", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return tl::unexpected(failed);
  output.close_input();
  trouble.close_input();
  // One after the other: what the script or Python itself has to complain fits into a pipe.
  Ended ended{0, output.read_all(), trouble.read_all()};
  while (::waitpid(child, &ended.status, 0) < 0 && errno == EINTR) continue;
  return ended;
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

Result<std::string> read_dbm(const std::string& path) {
  auto script = find_script();
  if (!script) return forward_error(script);
  auto ended = run_python(*script, path);
  if (!ended) {
    return fail(ErrorKind::system, "dbm files are read with python3, which cannot be run (" +
                                       std::string(std::strerror(ended.error())) + "): install it");
  }
  if (WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == 0) return std::move(ended->output);
  return fail(ErrorKind::system, path + " cannot be read: " + last_line(std::move(ended->trouble)));
}

}  // namespace hearth::nsc
