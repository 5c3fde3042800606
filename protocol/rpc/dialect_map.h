/// The one table of what differs between the dialects above the wire: serializer ids and the spelling of class names.
///
/// Layer: rpc.        Thread rule: none, pure functions.
/// Sources: PYRO.md sections 1 and 2. The ids clash (2 is json in Pyro4 and marshal in Pyro5), so a number alone never
/// selects a decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <hearth/dialect.h>
#include <hearth/serializer_name.h>

namespace hearth {

/// The dialect must have the serializer.
[[nodiscard]] std::uint16_t wire_id(Dialect dialect, SerializerName name);

/// nullopt: unknown. Whether a server accepts it is another question.
[[nodiscard]] std::optional<SerializerName> serializer_of(Dialect dialect, std::uint16_t wire_id);

/// Pyro's own classes that occur in values.
enum class PyroClass : unsigned char { uri, proxy, daemon, exception_wrapper };

/// "Pyro4.core.URI", "Pyro5.core.URI", …
[[nodiscard]] std::string_view class_name(Dialect dialect, PyroClass pyro_class);

/// Either dialect's spelling.
[[nodiscard]] std::optional<PyroClass> pyro_class_of(std::string_view class_name);

/// "Pyro4.errors." or "Pyro5.errors."
[[nodiscard]] std::string_view errors_module(Dialect dialect);

}  // namespace hearth
