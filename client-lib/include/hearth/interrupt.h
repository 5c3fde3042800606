/// Interrupt: lets one thread end what another one waits for in this library.
///
/// Layer: client-lib, public.        Thread rule: any thread; set() and is_set() from a signal handler too.
/// Ownership: shared by whoever sets it and the ClientSettings that it is in. One descriptor each.
#pragma once

#include <atomic>
#include <memory>

#include <hearth/api.h>
#include <hearth/client_error.h>

namespace HEARTH_API hearth {

class Interrupt {
 public:
  /// `unreachable`: this process, or the machine, may open no more descriptors.
  [[nodiscard]] static ClientResult<std::shared_ptr<Interrupt>> create();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// From now on no operation with settings that name this waits for anything: it ends as if its time had passed, with
  /// ClientErrorKind::timeout; so do those that wait now. But for the resolver, which cannot be woken.
  void set() noexcept;
  /// Waits are waits again. Only when nobody waits.
  void clear() noexcept;
  [[nodiscard]] bool is_set() const noexcept { return is_set_; }

  /// Can be read (poll's POLLIN) while it is set. Not to be read from.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  explicit Interrupt(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
  std::atomic<bool> is_set_ = false;
};

}  // namespace hearth
