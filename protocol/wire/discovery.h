/// The UDP question and answer by which clients find a name server (PYRO.md section 5; Pyro4/naming.py
/// BroadcastServer).
///
/// Layer: wire (base only).        Thread rule: constants and plain functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/bytes.h"

namespace hearth {

/// The whole datagram; anything else is no question.
inline constexpr std::string_view discovery_question = "GET_NSURI";
inline constexpr std::size_t discovery_answer_bytes_max =
    100;  ///< what clients read; the answer is a URI in ISO-8859-1

/// The answer that carries this URI. nullopt: clients would not get it whole, because it is too long or not ISO-8859-1.
[[nodiscard]] std::optional<Bytes> discovery_answer(std::string_view uri);

/// The text in an answer, as clients read it: nobody has checked that it is a URI.
[[nodiscard]] std::string uri_in_discovery_answer(BytesView answer);

}  // namespace hearth
