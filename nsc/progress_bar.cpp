#include "nsc/progress_bar.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "nsc/print.h"

namespace hearth::nsc {
namespace {

constexpr std::size_t bar_width = 30;
constexpr std::string_view wipe = "\r\x1B[K";  // back to the start of the line, and erase it

std::string amounts(std::uint64_t done, std::uint64_t total, ProgressUnit unit) {
  switch (unit) {
    case ProgressUnit::percent_only: break;
    case ProgressUnit::names: return "  " + std::to_string(done) + " of " + std::to_string(total) + " names";
    case ProgressUnit::bytes: return "  " + bytes_text(done) + " of " + bytes_text(total);
  }
  return "";
}

}  // namespace

ProgressBar::ProgressBar(const Draw& draw, std::string title, ProgressUnit unit)
    : draw_(draw), title_(std::move(title)), unit_(unit) {}

ProgressBar::~ProgressBar() {
  if (!shown_.empty()) draw_(wipe);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  if (!draw_) return;
  const double part = total == 0 ? 1.0 : static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  std::string bar(static_cast<std::size_t>(part * bar_width), '#');
  bar.resize(bar_width, '.');
  std::array<char, 16> percent{};
  std::snprintf(percent.data(), percent.size(), "%3d %%", static_cast<int>(part * 100));
  std::string line = title_ + " [" + bar + "] " + percent.data() + amounts(done, total, unit_);
  if (line == shown_) return;
  draw_(std::string(wipe) + line);
  shown_ = std::move(line);
}

}  // namespace hearth::nsc
