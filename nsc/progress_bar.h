/// ProgressBar: one line on the terminal that says how far a long command is; wiped when it is destroyed.
///
/// Layer: nsc.        Thread rule: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hearth::nsc {

/// Writes to the terminal; empty if there is none: then nothing is shown.
using Draw = std::function<void(std::string_view text)>;

enum class ProgressUnit : unsigned char { percent_only, names, bytes };

class ProgressBar {
 public:
  /// `draw` must outlive it.
  ProgressBar(const Draw& draw, std::string title, ProgressUnit unit);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::uint64_t done, std::uint64_t total);

 private:
  const Draw& draw_;
  const std::string title_;
  const ProgressUnit unit_;
  std::string shown_;
};

}  // namespace hearth::nsc
