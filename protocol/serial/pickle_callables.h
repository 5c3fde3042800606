/// What a pickle may name: the few classes and functions of which plain data is made. They are recognised, never run.
///
/// Layer: serial, private to the pickle reader.        Thread rule: none, pure functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "protocol/serial/pickle_graph.h"

namespace hearth {

inline constexpr std::string_view pickled_uri_class = "Pyro4.core.URI";

/// The number of `module.name`, in the spelling of Python 2 or 3; nullopt: not one of them.
[[nodiscard]] std::optional<int> find_pickle_callable(std::string_view module, std::string_view name);

/// "builtins.set"
[[nodiscard]] std::string_view pickle_callable_name(int callable);

/// The node that calling `callable` with the arguments makes, as Python would; ErrorKind::unsupported if it is called in a way
/// in which no pickle of plain data does.
[[nodiscard]] Result<PickleGraph::NodeId> call_in_pickle(PickleGraph& graph, int callable,
                                                         std::span<const PickleGraph::NodeId> arguments);

/// The same for `callable.__new__(callable, *arguments)`.
[[nodiscard]] Result<PickleGraph::NodeId> new_in_pickle(PickleGraph& graph, int callable,
                                                        std::span<const PickleGraph::NodeId> arguments);

}  // namespace hearth
