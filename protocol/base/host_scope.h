/// How far the host in a URI reaches, as its spelling tells.
///
/// Layer: base.        Thread rule: plain function.
#pragma once

#include <string_view>

namespace hearth {

enum class HostScope : unsigned char {
  nowhere,   ///< empty, "0.0.0.0", "::": what a server listens on, but nothing to connect to
  loopback,  ///< "localhost", 127.x.x.x, "::1": the machine that it is read on
  others,    ///< as far as the spelling tells, every machine
};

/// `host` is a name, or an address without brackets. Nobody is asked what a name stands for.
[[nodiscard]] HostScope scope_of_host(std::string_view host);

}  // namespace hearth
