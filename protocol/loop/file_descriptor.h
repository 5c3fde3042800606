/// FileDescriptor: owns one; and the kernel's error numbers as words. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: none.
#pragma once

#include <unistd.h>
#include <uv.h>

#include <string>
#include <utility>

namespace hearth {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  /// Takes over what a system call returned, negative results included.
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  void close() {
    if (is_open()) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_ = -1;
};

/// In libuv's words, which depend neither on a locale nor on a thread: "connection reset by peer".
[[nodiscard]] inline std::string errno_text(int error_number) {
  return uv_strerror(uv_translate_sys_error(error_number));
}

}  // namespace hearth
