/// HEARTH_CHECK: our own bugs abort, in release builds too, with the place and the broken promise on stderr.
///
/// Layer: base.        Thread rule: any thread.
/// If bytes from a peer can trigger one, that is a bug by definition (and the fuzzers' oracle); what a peer, a disk or a
/// user can cause is a Result (result.h).
#pragma once

namespace hearth {

[[noreturn]] void check_failed(const char* file, int line, const char* promise) noexcept;

}  // namespace hearth

#define HEARTH_CHECK(promise) \
  (static_cast<bool>(promise) ? static_cast<void>(0) : ::hearth::check_failed(__FILE__, __LINE__, #promise))
