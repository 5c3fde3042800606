/// How values are written in settings: numbers, sizes, seconds, yes and no, lists; read and printed.
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
/// Readers answer nullopt for what is no such value; blanks around it do not count. Printers write what the reader reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);

[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text, int base = 10);

/// Bytes: "4096", "64K", "16M", "1GiB"; the units are powers of 1024, in either case.
[[nodiscard]] std::optional<std::uint64_t> size_in_bytes(std::string_view text);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// Milliseconds out of seconds, as Pyro counts them ("0.5"), rounded up: a short time must not become 0, which is for ever or off.
[[nodiscard]] std::optional<std::uint64_t> milliseconds_of_seconds(std::string_view text);
[[nodiscard]] std::string seconds_text(std::uint64_t milliseconds);

/// The words of Pyro4/configuration.py: 1, yes, on, true; 0, no, off, false; in either case.
[[nodiscard]] std::optional<bool> truth(std::string_view text);

/// The parts between commas, without the empty ones.
[[nodiscard]] std::vector<std::string> comma_separated(std::string_view text);

/// For a message: one line, printable, and not longer than anybody reads. The value may come from anywhere.
[[nodiscard]] std::string shown(std::string_view value);

}  // namespace hearth
