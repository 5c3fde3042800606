/// What every serializer promises about bytes that it does not trust: it refuses them, or what it has read it can write, and
/// reads as the same value again.
#pragma once

#include "protocol/base/check.h"
#include "protocol/serial/serializer.h"

namespace hearth::fuzz {

inline void check_serializer(const Serializer& serializer, BytesView input) {
  const DecodeLimits limits{.value_nodes_max = 20000};  // a machine's memory is not what is tested
  static_cast<void>(serializer.load_call(input, limits));
  const auto first = serializer.load(input, limits);
  if (!first) {
    HEARTH_CHECK(!first.error().text.empty());
    return;
  }
  Bytes written;
  if (!serializer.dump(*first, written)) {
    HEARTH_CHECK(written.empty());
    return;
  }
  // Written out, a value may have more nodes or levels than it was read with: shared parts are written once for each place. A
  // dict that looks like an exception becomes one in a pickle, which is not read.
  const auto second = serializer.load(written, {});
  if (!second) {
    HEARTH_CHECK(second.error().kind == ErrorKind::limit || second.error().kind == ErrorKind::unsupported);
    return;
  }
  Bytes again;
  HEARTH_CHECK(serializer.dump(*second, again).has_value());
  const auto third = serializer.load(again, {});
  HEARTH_CHECK(third.has_value() && *third == *second);
}

}  // namespace hearth::fuzz
