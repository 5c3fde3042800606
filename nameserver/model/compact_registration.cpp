#include "nameserver/model/compact_registration.h"

#include <algorithm>
#include <new>

#include "protocol/base/check.h"

namespace hearth {

CompactPtr CompactRegistration::make(std::string_view name, std::string_view uri, std::span<const TagNumber> tags,
                                     OwnerNumber owner) {
  HEARTH_CHECK(name.size() <= compact_text_bytes_max && uri.size() <= compact_text_bytes_max);
  void* block = ::operator new(sizeof(CompactRegistration) + tags.size() * sizeof(TagSlot) + name.size() + uri.size());
  return CompactPtr(new (block) CompactRegistration(name, uri, tags, owner));
}

CompactRegistration::CompactRegistration(std::string_view name, std::string_view uri, std::span<const TagNumber> tags,
                                         OwnerNumber owner)
    : name_bytes_(static_cast<std::uint32_t>(name.size())),
      uri_bytes_(static_cast<std::uint32_t>(uri.size())),
      tag_count_(static_cast<std::uint32_t>(tags.size())),
      owner_(owner) {
  TagSlot* slot = const_cast<TagSlot*>(slots());
  for (const TagNumber tag : tags) new (slot++) TagSlot{tag, 0};
  char* end = std::copy(name.begin(), name.end(), const_cast<char*>(text()));
  std::copy(uri.begin(), uri.end(), end);
}

bool CompactRegistration::has_tag(TagNumber tag) const {
  return std::any_of(tags().begin(), tags().end(), [tag](const TagSlot& slot) { return slot.tag == tag; });
}

void CompactRegistration::Deleter::operator()(CompactRegistration* block) const {
  block->~CompactRegistration();
  ::operator delete(block);
}

}  // namespace hearth
