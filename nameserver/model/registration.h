/// Registration: a name, the URI it stands for, and its metadata tags.
///
/// Layer: model (base only).        Thread rule: plain value; crosses between the threads by value.
/// Texts are valid UTF-8 (no lone surrogates: no SQLite reader could decode them) and kept verbatim.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nameserver/model/compact_registration.h"

namespace hearth {

/// Unique and sorted, see sort_tags().
using Tags = std::vector<std::string>;

struct Registration {
  std::string name;  ///< may be empty; case-sensitive
  std::string uri;   ///< exactly as registered
  Tags tags;

  bool operator==(const Registration&) const = default;
};

/// The same without owning its texts, for a million of them on their way into memory.
struct RegistrationView {
  std::string_view name;
  std::string_view uri;
  std::span<const std::string_view> tags;  ///< unique and sorted
  /// Of each of the tags: the same number for the same text as long as registrations come from one source, counted from 0, so
  /// that nobody has to look at the texts of millions of tags that are all alike.
  std::span<const TagNumber> tag_numbers;
};

/// Takes one registration after the other; the texts are valid during the call only.
using TakeRegistration = std::function<void(const RegistrationView&)>;

/// Takes a name and the owner of its registration (claim.h); valid during the call only.
using TakeOwner = std::function<void(std::string_view name, std::string_view owner)>;

/// Puts tags into the one order that everybody stores and compares them in, each once.
void sort_tags(Tags& tags);

/// The name server's own entry: never removed by remove().
inline constexpr const char* name_server_name = "Pyro.NameServer";

}  // namespace hearth
