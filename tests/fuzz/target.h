/// A fuzz target: a function of bytes that holds a decoder to its promises and aborts (HEARTH_CHECK) where one is broken.
///
/// A new target is a file `<name>_fuzz.cpp`, its name in tests/fuzz/meson.build, and its seeds in seeds.py.
/// It runs in two ways: under libFuzzer (entry.cpp), and over the inputs that the repository keeps (replay.cpp).
#pragma once

#include "protocol/base/bytes.h"

namespace hearth::fuzz {

void check(BytesView input);

}  // namespace hearth::fuzz
