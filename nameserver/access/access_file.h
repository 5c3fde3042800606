/// The access file: the rules as an operator writes them.
///
///     # a comment; so is what follows a blank and a '#'
///     token alice sha256:…:…                      # `hearthd --new-token alice` makes such a line
///     allow token:alice   read,register,remove  lab.alice. "lab shared."
///     allow net:192.0.2.0/24  read  *             # *: every name
///     allow uid:0  admin                          # no names: admin is not about any
///     owner-only on                               # or off, as without this line
///
/// Layer: access (parsing is a function of bytes; reading blocks on the disk).        Thread rule: at the start and at a reload.
/// Errors are one sentence for the operator: the file, the line, what is wrong and what would be right.
#pragma once

#include <string>
#include <string_view>

#include <hearth/result.h>

#include "nameserver/access/access_rules.h"

namespace hearth {

/// `path` is for the errors.
[[nodiscard]] Result<AccessRules> parse_access(std::string_view text, const std::string& path);

[[nodiscard]] Result<AccessRules> read_access_file(const std::string& path);

/// The `token` line of a new token with that name. Errors: what no name can be.
[[nodiscard]] Result<std::string> token_line(std::string_view name, std::string_view token);

}  // namespace hearth
