/// The UDP question and answer by which clients find a name server (PYRO.md section 5; Pyro4/naming.py
/// BroadcastServer).
///
/// Layer: wire (base only).        Thread rule: constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

inline constexpr std::string_view discovery_question = "GET_NSURI";
inline constexpr std::size_t discovery_answer_bytes_max =
    100;  ///< what clients read; the answer is a URI in ISO-8859-1
inline constexpr std::uint16_t default_discovery_port = 9091;

}  // namespace hearth
