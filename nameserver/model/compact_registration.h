/// CompactRegistration: a registration at rest, in one block of memory: a million of them cost little more than their text.
///
/// Layer: model.        Thread rule: plain value; the positions belong to whoever keeps the block.
/// Ownership: CompactPtr. The texts never change: another URI or other tags are another block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hearth {

/// A tag by its number in a TagTable.
using TagNumber = std::uint32_t;

/// An owner (claim.h), likewise.
using OwnerNumber = std::uint32_t;
inline constexpr OwnerNumber no_owner = UINT32_MAX;

class CompactRegistration {
 public:
  struct TagSlot {
    TagNumber tag;
    std::uint32_t position;  ///< where the block stands among those that have the tag, for its keeper
  };
  struct Deleter {
    void operator()(CompactRegistration* block) const;
  };

  [[nodiscard]] static std::unique_ptr<CompactRegistration, Deleter> make(std::string_view name, std::string_view uri,
                                                                          std::span<const TagNumber> tags,
                                                                          OwnerNumber owner = no_owner);
  CompactRegistration(const CompactRegistration&) = delete;
  CompactRegistration& operator=(const CompactRegistration&) = delete;

  [[nodiscard]] std::string_view name() const { return {text(), name_bytes_}; }
  [[nodiscard]] std::string_view uri() const { return {text() + name_bytes_, uri_bytes_}; }
  /// In the order they were given.
  [[nodiscard]] std::span<const TagSlot> tags() const { return {slots(), tag_count_}; }
  [[nodiscard]] std::span<TagSlot> tags() { return {const_cast<TagSlot*>(slots()), tag_count_}; }
  [[nodiscard]] bool has_tag(TagNumber tag) const;
  [[nodiscard]] OwnerNumber owner() const { return owner_; }
  void set_owner(OwnerNumber owner) { owner_ = owner; }

 private:
  CompactRegistration(std::string_view name, std::string_view uri, std::span<const TagNumber> tags, OwnerNumber owner);
  ~CompactRegistration() = default;

  // Behind the members, in the same block: the slots, the name, the URI.
  [[nodiscard]] const TagSlot* slots() const { return reinterpret_cast<const TagSlot*>(this + 1); }
  [[nodiscard]] const char* text() const { return reinterpret_cast<const char*>(slots() + tag_count_); }

  std::uint32_t name_bytes_;
  std::uint32_t uri_bytes_;
  std::uint32_t tag_count_;
  OwnerNumber owner_;
};

using CompactPtr = std::unique_ptr<CompactRegistration, CompactRegistration::Deleter>;

/// Name and URI fit the block's lengths; longer text is cut off long before it gets here.
inline constexpr std::size_t compact_text_bytes_max = UINT32_MAX;

}  // namespace hearth
