/// run_import(): carries out an ImportPlan, many names with one message.
///
/// Layer: nsc.        Thread rule: one thread.
/// Stops at the first trouble, and when the user interrupts it; what is registered by then stays.
#pragma once

#include <cstddef>
#include <string>

#include <hearth/name_server.h>

#include "nsc/import_plan.h"
#include "nsc/name_source.h"

namespace hearth::nsc {

struct ImportOutcome {
  std::size_t registered = 0;  ///< of what was to be
  std::size_t taken = 0;    ///< by somebody else since the plan was made, and left alone as OnConflict::skip wants it
  std::size_t unknown = 0;  ///< were sent, and no answer came
  std::string trouble;      ///< what ended it too early; empty: nothing
};

[[nodiscard]] ImportOutcome run_import(NameServerClient& name_server, const NameSource& source, const ImportPlan& plan,
                                       OnConflict rule, const Draw& draw);

}  // namespace hearth::nsc
