// A URI survives its way over the wire, and what it prints as prints the same when it is read. No more is promised: Pyro
// prints some URIs ("PYRONAME:x@:", and tags in any order) in a way that reads otherwise.
#include <hearth/uri.h>
#include "protocol/base/check.h"

#include "protocol/value/uri_state.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) {
  const auto uri = parse_uri(input);
  if (!uri) {
    HEARTH_CHECK(!uri.error().text.empty());
    return;
  }
  const auto again = parse_uri(uri->text());
  if (again && uri->protocol != "PYROMETA") HEARTH_CHECK(again->text() == uri->text());
  const auto travelled = uri_from_state(uri_state(*uri));
  HEARTH_CHECK(travelled.has_value() && *travelled == *uri);
  static_cast<void>(uri->location());
  static_cast<void>(uri->tcp_port());
}

}  // namespace hearth::fuzz
