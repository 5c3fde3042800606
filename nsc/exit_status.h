/// ExitStatus: what nsc's exit status tells scripts. README and manual pages name these numbers; they
/// never change.
///
/// Layer: nsc.        Thread rule: none.
#pragma once

namespace hearth::nsc {

enum class ExitStatus : int {
  done = 0,
  failed = 1,          ///< the name server refused, or the connection to it broke
  wrong_usage = 2,     ///< the command line or a PYRO_* variable makes no sense
  no_such_name = 3,    ///< lookup, setmeta, remove: there is no registration of that name
  no_name_server = 4,  ///< none was found
};

}  // namespace hearth::nsc
