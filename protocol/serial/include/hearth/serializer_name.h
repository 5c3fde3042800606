/// SerializerName: the formats in which Pyro programs send values, by the names that Pyro's configuration uses.
///
/// Layer: serial, public.        Thread rule: none.
#pragma once

#include <optional>
#include <string_view>

#include <hearth/api.h>

namespace HEARTH_API hearth {

enum class SerializerName : unsigned char {
  serpent,
  json,
  marshal,
  msgpack,
  pickle,  ///< and its relatives: among Pyro4 programs in Python; a server may accept them, this library's clients do not speak them
  dill,
  cloudpickle,
};

[[nodiscard]] constexpr bool is_pickle(SerializerName name) {
  return name == SerializerName::pickle || name == SerializerName::dill || name == SerializerName::cloudpickle;
}

[[nodiscard]] HEARTH_API std::string_view to_string(SerializerName name);

/// The reverse: "serpent", "json", …
[[nodiscard]] HEARTH_API std::optional<SerializerName> serializer_named(std::string_view text);

}  // namespace hearth
