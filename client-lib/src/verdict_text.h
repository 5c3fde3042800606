/// The sentences of a verdict.
///
/// Layer: client-lib, private.        Thread rule: none, pure functions.
#pragma once

#include <hearth/diagnosis.h>

#include <string>
#include <vector>

namespace hearth {

struct VerdictText {
  std::string explanation;
  std::string remedy;
};

/// `step` is the one that decided; it may be nullptr for Cause::nothing_runs only.
[[nodiscard]] VerdictText text_of(Cause cause, const DiagnosisStep* step, const std::vector<DiagnosisStep>& steps);

}  // namespace hearth
