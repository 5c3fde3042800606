/// CompactSet: compact registrations by their names, looked up without making a string; and their order.
///
/// Layer: model.        Thread rule: one thread at a time.
#pragma once

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_set.h>

#include <string_view>

#include "nameserver/model/compact_registration.h"
#include "nameserver/model/text_hash.h"

namespace hearth {

/// Compares entries with entries and with names.
struct CompactByName {
  using is_transparent = void;
  static std::string_view name_of(std::string_view name) { return name; }
  static std::string_view name_of(const CompactPtr& entry) { return entry->name(); }
  static std::string_view name_of(const CompactRegistration* entry) { return entry->name(); }
};
struct HashCompactByName : CompactByName {
  template <class A>
  std::size_t operator()(const A& a) const {
    return TextHash()(name_of(a));
  }
};
struct SameCompactName : CompactByName {
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return name_of(a) == name_of(b);
  }
};
struct LessCompactName : CompactByName {
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return name_of(a) < name_of(b);
  }
};

/// A table without a heap node per name.
using CompactSet = absl::flat_hash_set<CompactPtr, HashCompactByName, SameCompactName>;
/// In the bytewise order of the names; the entries are somebody else's.
using CompactOrder = absl::btree_set<const CompactRegistration*, LessCompactName>;

}  // namespace hearth
