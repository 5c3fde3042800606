// What nsc import reads, nsc export writes in a line that reads as the same registration again; all else is refused with a reason.
#include "nsc/registration_lines.h"
#include "protocol/base/check.h"
#include "protocol/base/wtf8.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) {
  const auto entry = nsc::parse_registration_line(input);
  if (!entry) {
    HEARTH_CHECK(!entry.error().text.empty() && is_utf8(entry.error().text));
    return;
  }
  const auto line = nsc::registration_line(*entry);
  HEARTH_CHECK(line.has_value() && line->ends_with('\n') && line->find('\n') == line->size() - 1);
  HEARTH_CHECK(nsc::parse_registration_line(*line).value() == *entry);
}

}  // namespace hearth::fuzz
