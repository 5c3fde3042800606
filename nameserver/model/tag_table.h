/// TagTable: each distinct metadata tag once, under a number; thousands of registrations share a few tags.
///
/// Layer: model.        Thread rule: one thread at a time.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nameserver/model/compact_registration.h"
#include "nameserver/model/text_hash.h"

namespace hearth {

class TagTable {
 public:
  TagTable() = default;
  TagTable(TagTable&&) = default;  // a moved deque keeps its elements where they are
  TagTable(const TagTable&) = delete;
  TagTable& operator=(const TagTable&) = delete;

  /// The number of the tag, which stays the same until as many release() have come as use().
  TagNumber use(std::string_view tag);
  /// Once more, for somebody who knows the number of a tag that is in use.
  void use_again(TagNumber tag) { ++tags_[tag].uses; }
  void release(TagNumber tag);

  /// nullopt: nobody uses it.
  [[nodiscard]] std::optional<TagNumber> find(std::string_view tag) const;
  [[nodiscard]] const std::string& text(TagNumber tag) const { return tags_[tag].text; }
  /// All numbers are below it.
  [[nodiscard]] std::size_t size() const { return tags_.size(); }

 private:
  struct Tag {
    std::string text;
    std::uint64_t uses = 0;
  };
  std::deque<Tag> tags_;  // a deque, because by_text_ looks into it
  std::vector<TagNumber> free_;
  absl::flat_hash_map<std::string_view, TagNumber, TextHash, std::equal_to<>> by_text_;
};

}  // namespace hearth
