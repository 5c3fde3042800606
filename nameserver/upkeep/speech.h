/// Speech: what kind of program says these first bytes.
///
/// Layer: upkeep.        Thread rule: plain functions.
#pragma once

#include "protocol/base/bytes.h"

namespace hearth {

enum class Speech : unsigned char {
  unclear,  ///< too few bytes to tell
  pyro,
  tls,
  other,
};

/// Of everything that has come on a connection so far.
[[nodiscard]] Speech speech_of(BytesView bytes);

}  // namespace hearth
