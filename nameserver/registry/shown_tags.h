/// The tags of a registration as the clients of a dialect get to see them.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread, with the index.
#pragma once

#include <string_view>

#include <hearth/dialect.h>
#include <hearth/value.h>

#include "nameserver/registry/index.h"

namespace hearth {

/// The tag that tells clients of a dialect which class the name server is.
[[nodiscard]] std::string_view name_server_class_tag(Dialect dialect);

/// A list (Pyro4) or a set. Of the name server itself each dialect sees its own class tag.
[[nodiscard]] Value tags_value(const Index& index, const CompactRegistration& entry, Dialect dialect);

}  // namespace hearth
