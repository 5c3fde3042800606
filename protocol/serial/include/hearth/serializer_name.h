/// SerializerName: the formats in which Pyro programs send values, by the names that Pyro's configuration uses.
///
/// Layer: serial, public.        Thread rule: none.
#pragma once

#include <optional>
#include <string_view>

#include <hearth/api.h>

namespace HEARTH_API hearth {

enum class SerializerName : unsigned char { serpent, json, marshal, msgpack };

[[nodiscard]] std::string_view to_string(SerializerName name);

/// The reverse: "serpent", "json", "marshal", "msgpack".
[[nodiscard]] std::optional<SerializerName> serializer_named(std::string_view text);

}  // namespace hearth
