// Whatever a caller passes to the name server's methods is refused as Python would, or bound to exactly their parameters.
#include "protocol/rpc/binding.h"

#include "protocol/base/check.h"
#include "protocol/serial/serializer.h"
#include "tests/fuzz/target.h"
#include "tests/support/scripted_name_server.h"

namespace hearth::fuzz {

/// A call as serpent spells it.
void check(BytesView input) {
  static test::ScriptedNameServer server("PYRO:Pyro.NameServer@localhost:9090");
  const RemoteObject& object = server.object();
  auto call = serializer(SerializerName::serpent).load_call(input, {.value_nodes_max = 20000});
  if (!call) return;
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    static_cast<void>(attribute_error(object, dialect, call->args));
    const auto method = find_method(object, dialect, call->method);
    if (!method) {
      HEARTH_CHECK(!method.error().type.empty());
      continue;
    }
    const auto bound = bind_arguments(object, **method, call->args, call->kwargs);
    if (!bound) {
      HEARTH_CHECK(!bound.error().type.empty());
      continue;
    }
    HEARTH_CHECK(bound->size() == (*method)->parameters.size());
  }
}

}  // namespace hearth::fuzz
