/// Assignment: what one source (command line, environment or file) says about one setting, still as text.
///
/// Layer: nameserver/options.        Thread rule: plain values.
#pragma once

#include <string>
#include <vector>

#include "nameserver/options/setting.h"

namespace hearth {

struct Assignment {
  const Setting* setting;
  std::vector<std::string> values;  ///< at least one; an empty one is "none"
  std::string origin;               ///< for --print-config: "PYRO_NS_PORT", "/etc/hearth/hearthd.conf:12"
  std::string spelling;             ///< what stands before the value where it was written: "PYRO_NS_PORT=", "--port "
};

/// No two of one source have the same subject_of().
using Source = std::vector<Assignment>;

}  // namespace hearth
