/// JsonText: a JSON text made ready for RapidJSON 1.1, which cannot read all that Python's json reads.
///
/// Layer: serial.        Thread rule: none, plain value.
/// RapidJSON refuses ints of more than 308 digits and floats beyond 1e308 even where it hands numbers out as text
/// (reader.h, ParseNumber), takes "Inf" and "-NaN" if it takes "NaN" at all, and refuses an escaped high surrogate that stands
/// alone. So numbers are cut out here, with Python's grammar, and such surrogates are spelled in WTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"

namespace hearth {

struct JsonText {
  std::string text;  ///< with "0" in place of every number
  std::vector<std::string_view>
      numbers;  ///< the numbers in their order, NaN, Infinity and -Infinity among them; views of the input
};

/// `bytes` must outlive the result. malformed if they are not what Python's strict utf-8 codec decodes; what is no JSON for
/// other reasons is left for the parser to refuse. limit if there are more numbers than values may be.
[[nodiscard]] Result<JsonText> prepare_json(BytesView bytes, const DecodeLimits& limits);

}  // namespace hearth
