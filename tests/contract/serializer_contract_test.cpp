#include "tests/contract/serializer_contract.h"

#include "protocol/serial/json.h"
#include "protocol/serial/marshal.h"
#include "protocol/serial/msgpack.h"
#include "protocol/serial/pickle.h"
#include "protocol/serial/serpent.h"

namespace hearth {
namespace {

TEST_CASE("serpent honours the contract") { check_serializer_contract(SerpentSerializer(), {.empty_sets = false}); }

TEST_CASE("marshal honours the contract") { check_serializer_contract(MarshalSerializer(), {}); }

TEST_CASE("pickle honours the contract") { check_serializer_contract(PickleSerializer(SerializerName::pickle), {}); }

TEST_CASE("json honours the contract") {
  check_serializer_contract(JsonSerializer(), {.tuples = false,
                                               .sets = false,
                                               .bytes = false,
                                               .complex_numbers = false,
                                               .lone_surrogates = false,
                                               .any_keys = false});
}

TEST_CASE("msgpack honours the contract") {
  check_serializer_contract(MsgpackSerializer(),
                            {.tuples = false, .sets = false, .lone_surrogates = false, .any_keys = false});
}

}  // namespace
}  // namespace hearth
