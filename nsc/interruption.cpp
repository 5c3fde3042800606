#include "nsc/interruption.h"

#include <cstddef>

namespace hearth::nsc {
namespace {

constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};

/// A handler has nothing but globals.
volatile std::sig_atomic_t was_interrupted = 0;

void note_and_let_the_next_one_kill(int) {
  was_interrupted = 1;
  for (const int number : signals) std::signal(number, SIG_DFL);
}

}  // namespace

Interruption::Interruption() {
  was_interrupted = 0;
  struct sigaction noting {};
  noting.sa_handler = note_and_let_the_next_one_kill;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(signals[i], &noting, nullptr);  // nohup's wish stays
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before_[i], nullptr);
}

bool Interruption::has_come() const { return was_interrupted != 0; }

}  // namespace hearth::nsc
