/// HEARTH_API: marks the namespace blocks whose declarations the shared libraries offer; everything else stays inside them.
///
/// Layer: base, public.        Thread rule: none.
/// Every public header opens `namespace HEARTH_API hearth {`, no other header does.
#pragma once

#define HEARTH_API [[gnu::visibility("default")]]
