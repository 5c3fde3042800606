/// What nsc prints about name servers themselves: for people, or as values for JSON. Nothing here is read by programs but the JSON.
///
/// Layer: nsc.        Thread rule: none, pure functions.
/// What comes from the network is shown printable: a terminal obeys no name server.
#pragma once

#include <string>
#include <vector>

#include <hearth/admin.h>
#include <hearth/diagnosis.h>
#include <hearth/inspection.h>
#include <hearth/locate.h>
#include <hearth/value.h>

namespace hearth::nsc {

/// A name server that was found, and what it told when it was asked.
struct LocatedServer {
  FoundNameServer found;
  ClientResult<Inspection> inspection;
};

/// A table with a line of titles.
[[nodiscard]] std::string located_text(const std::vector<LocatedServer>& servers);
/// [{"address": …, "uri": …, "by": "broadcast" | "direct", "round_trip_us": …, "version": … | null, "registrations": … | null,
/// "trouble": … | null}, …]
[[nodiscard]] Value located_value(const std::vector<LocatedServer>& servers);

[[nodiscard]] std::string status_text(const HearthdStatus& status, const std::string& uri);
/// The members of HearthdStatus by their names, and "uri".
[[nodiscard]] Value status_value(const HearthdStatus& status, const std::string& uri);

/// A line for each step, then the verdict.
[[nodiscard]] std::string diagnosis_text(const Diagnosis& diagnosis);
/// {"health": …, "cause": …, "explanation": …, "remedy": …, "steps": [{"step": …, "place": …, "outcome": …, "said": …,
/// "responder": …, "server": … | null, "text": …}, …]}
[[nodiscard]] Value diagnosis_value(const Diagnosis& diagnosis);

}  // namespace hearth::nsc
