/// HEARTH_API: marks what the shared libraries offer; everything else stays inside them.
///
/// Layer: base, public.        Thread rule: none.
/// Every public header opens `namespace HEARTH_API hearth {`, no other header does. Functions outside of classes carry it once more,
/// because clang forgets it where the definition stands in a plain namespace block; tests/package/exports_test.py looks for them.
#pragma once

#define HEARTH_API [[gnu::visibility("default")]]
