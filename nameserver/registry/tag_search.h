/// Searches by tags: by the posting lists, or by a walk where these are a large part of everything.
///
/// Layer: registry.        Thread rule: loop thread, with the index.
#pragma once

#include <span>
#include <string>

#include "nameserver/registry/search.h"

namespace hearth {

enum class TagsWanted : unsigned char { all, any };

[[nodiscard]] SearchPtr search_tags(Index& index, std::span<const std::string> tags, TagsWanted wanted);

}  // namespace hearth
