/// InterposedCalls: what our own code asks the kernel about files' names, and its syncs, with somebody in between who sees each
/// call first and may answer it instead. SQLite's own calls go another way: see interposed_vfs.h.
///
/// Thread rule: one thread at a time, and one object at a time.
/// The program's calls come here because the linker wraps those functions (--wrap in tests/meson.build).
#pragma once

#include <string>

namespace hearth {

class InterposedCalls {
 public:
  InterposedCalls();
  virtual ~InterposedCalls();
  InterposedCalls(const InterposedCalls&) = delete;
  InterposedCalls& operator=(const InterposedCalls&) = delete;

  // Called before the operation itself, which happens only if the answer is 0; any other is the caller's errno.
  virtual int before_link(const std::string& from, const std::string& to) = 0;
  virtual int before_rename(const std::string& from, const std::string& to) = 0;
  virtual int before_unlink(const std::string& path) = 0;
  virtual int before_fsync(const std::string& path) = 0;
};

}  // namespace hearth
