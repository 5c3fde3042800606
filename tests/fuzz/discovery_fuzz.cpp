// A datagram is the question or it is not; the text of any answer can be shown and, if it fits, sent again.
#include <hearth/uri.h>
#include "protocol/base/check.h"

#include "protocol/value/repr_parts.h"
#include "protocol/wire/discovery.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) {
  const std::string text = uri_in_discovery_answer(input);
  static_cast<void>(parse_uri(text));
  static_cast<void>(printable(input));
  const auto answer = discovery_answer(text);
  if (answer) HEARTH_CHECK(answer->size() <= discovery_answer_bytes_max && uri_in_discovery_answer(*answer) == text);
  static_cast<void>(discovery_answer(input));
}

}  // namespace hearth::fuzz
