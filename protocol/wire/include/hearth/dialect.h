/// Dialect: which of the two wire protocols a peer speaks.
///
/// Layer: wire, public.        Thread rule: none.
#pragma once

#include <hearth/api.h>

namespace HEARTH_API hearth {

enum class Dialect : unsigned char {
  pyro4,  ///< protocol version 48, 24-byte header
  pyro5,  ///< protocol version 502, 40-byte header
};

}  // namespace hearth
