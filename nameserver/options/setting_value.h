/// The values of settings: read from text into Options, and printed from there.
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
#pragma once

#include <string>
#include <vector>

#include "nameserver/options/setting.h"

namespace hearth {

/// Replaces the setting's field by what `values` say. The result is a remark for the operator about a value that is accepted
/// but not followed in full ("lists pickle, …"), or empty; errors say what the value must be ("a port from 0 to 65535").
[[nodiscard]] Result<std::string> read_values(const Setting& setting, const std::vector<std::string>& values,
                                              Options& options);

/// As read_values() reads it; empty: none.
[[nodiscard]] std::string print_value(const Setting& setting, const Options& options);

void copy_value(const Setting& setting, const Options& from, Options& to);

}  // namespace hearth
