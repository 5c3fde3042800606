/// Annotation: something that travels with a message beside its payload, under an id of four characters.
///
/// Layer: wire, public.        Thread rule: plain value.
#pragma once

#include <string>

#include <hearth/api.h>

namespace HEARTH_API hearth {

struct Annotation {
  std::string id;    ///< four ASCII characters; Pyro's own are CORR, HMAC, STRM and BLBI
  std::string data;  ///< bytes
  bool operator==(const Annotation&) const = default;
};

}  // namespace hearth
