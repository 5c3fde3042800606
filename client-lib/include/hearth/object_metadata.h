/// ObjectMetadata: what a server tells of one of its objects when a client connects: which methods and attributes it has.
///
/// Layer: client-lib, public.        Thread rule: plain value.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include <hearth/api.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

struct ObjectMetadata {
  using Names = std::set<std::string, std::less<>>;
  Names methods;
  Names oneway;      ///< those of the methods that are not answered
  Names attributes;  ///< that can be read, and perhaps written

  /// A server may tell nothing; then nothing can be said about a method.
  [[nodiscard]] bool is_known() const { return !methods.empty() || !attributes.empty(); }
};

/// Of the value {"methods": …, "oneway": …, "attrs": …} in the answer to a handshake; lists in Pyro4, sets in Pyro5. What has
/// another form is left out.
[[nodiscard]] HEARTH_API ObjectMetadata object_metadata(const Value& value);

}  // namespace hearth
