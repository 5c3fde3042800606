#include "tests/fuzz/serializer_property.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) { check_serializer(serializer(SerializerName::pickle), input); }

}  // namespace hearth::fuzz
