/// The version that hearthd and nsc tell, given by meson.build.
#pragma once

namespace hearth {

inline constexpr const char* version_text = HEARTH_VERSION;

}  // namespace hearth
