#pragma once

/// What most sources include anyway, compiled once for a room where the compiler is clang: it is a quarter of an unoptimised
/// build. g++ builds without it, so that a source that does not include what it uses fails there.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include <hearth/value.h>
