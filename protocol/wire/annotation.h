/// Annotation: something that travels with a message beside its payload, under an id of four characters.
///
/// Layer: wire (base only).        Thread rule: plain value.
#pragma once

#include <string>

#include "protocol/base/bytes.h"

namespace hearth {

struct Annotation {
  std::string id;  ///< four ASCII characters; Pyro's own are CORR, HMAC, STRM and BLBI
  Bytes data;
  bool operator==(const Annotation&) const = default;
};

}  // namespace hearth
