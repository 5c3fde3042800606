/// Interruption: whether nsc has been told to end (Ctrl-C, SIGTERM, SIGHUP), for commands that must tidy up or report first.
///
/// Layer: nsc.        Thread rule: one thread, and one object at a time: signals belong to the process.
/// As long as the object lives, the first signal is only noted. The second one ends the process as if there were no object.
#pragma once

#include <array>
#include <csignal>

namespace hearth::nsc {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  [[nodiscard]] bool has_come() const;

 private:
  std::array<struct sigaction, 3> before_{};
};

}  // namespace hearth::nsc
