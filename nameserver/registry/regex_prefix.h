/// literal_prefix(): the text that every match of a tree begins with.
///
/// Layer: registry (value and below).        Thread rule: none, pure function.
#pragma once

#include <string>

#include "nameserver/registry/regex_tree.h"

namespace hearth::regex {

/// UTF-8. Never too long; shorter than it could be where the tree is complicated, "" if nothing is known.
[[nodiscard]] std::string literal_prefix(const Tree& tree);

}  // namespace hearth::regex
