#include "protocol/rpc/dialect_map.h"

#include <array>

#include "protocol/base/check.h"

namespace hearth {
namespace {

struct SerializerRow {
  SerializerName name;
  std::uint16_t pyro4;
  std::uint16_t pyro5;
};

constexpr std::uint16_t no_id = 0;  // no serializer has it in either dialect

constexpr std::array<SerializerRow, 7> serializer_rows{{
    {SerializerName::serpent, 1, 1},
    {SerializerName::json, 2, 3},
    {SerializerName::marshal, 3, 2},
    {SerializerName::msgpack, 6, 4},
    {SerializerName::pickle, 4, no_id},
    {SerializerName::dill, 5, no_id},
    {SerializerName::cloudpickle, 7, no_id},
}};

struct ClassRow {
  PyroClass pyro_class;
  std::string_view pyro4;
  std::string_view pyro5;
};

constexpr std::array<ClassRow, 4> class_rows{{
    {PyroClass::uri, "Pyro4.core.URI", "Pyro5.core.URI"},
    {PyroClass::proxy, "Pyro4.core.Proxy", "Pyro5.client.Proxy"},
    {PyroClass::daemon, "Pyro4.core.Daemon", "Pyro5.server.Daemon"},
    {PyroClass::exception_wrapper, "Pyro4.futures._ExceptionWrapper", "Pyro5.core._ExceptionWrapper"},
}};

}  // namespace

std::uint16_t wire_id(Dialect dialect, SerializerName name) {
  for (const SerializerRow& row : serializer_rows) {
    if (row.name != name) continue;
    const std::uint16_t id = dialect == Dialect::pyro4 ? row.pyro4 : row.pyro5;
    HEARTH_CHECK(id != no_id);
    return id;
  }
  HEARTH_CHECK(false);
}

std::optional<SerializerName> serializer_of(Dialect dialect, std::uint16_t wire_id) {
  if (wire_id == no_id) return std::nullopt;
  for (const SerializerRow& row : serializer_rows) {
    if ((dialect == Dialect::pyro4 ? row.pyro4 : row.pyro5) == wire_id) return row.name;
  }
  return std::nullopt;
}

std::string_view class_name(Dialect dialect, PyroClass pyro_class) {
  for (const ClassRow& row : class_rows) {
    if (row.pyro_class == pyro_class) return dialect == Dialect::pyro4 ? row.pyro4 : row.pyro5;
  }
  HEARTH_CHECK(false);
}

std::optional<PyroClass> pyro_class_of(std::string_view class_name) {
  for (const ClassRow& row : class_rows) {
    if (row.pyro4 == class_name || row.pyro5 == class_name) return row.pyro_class;
  }
  return std::nullopt;
}

std::string_view errors_module(Dialect dialect) {
  return dialect == Dialect::pyro4 ? "Pyro4.errors." : "Pyro5.errors.";
}

}  // namespace hearth
