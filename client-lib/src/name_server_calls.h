/// What the methods of a name server are called with, and what its answers mean; the same for both dialects, as far as callers
/// can see.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
/// Everything goes by keyword: the order of the parameters differs between the dialects (PYRO.md section 4).
#pragma once

#include <hearth/dialect.h>
#include <hearth/name_server.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

struct NameServerCall {
  std::string_view method;
  Dict kwargs;
};

[[nodiscard]] Dict keyword(std::string key, Value value);

[[nodiscard]] NameServerCall lookup_call(std::string_view name);
[[nodiscard]] NameServerCall register_call(std::string_view name, std::string_view uri, const TagSet& tags,
                                           NameServerClient::IfTaken if_taken);
[[nodiscard]] NameServerCall set_metadata_call(std::string_view name, const TagSet& tags);
/// nullopt: no tags, so nothing can match. Pyro4 would list everything.
[[nodiscard]] std::optional<NameServerCall> list_call(const NameFilter& filter, Dialect dialect);

/// Pyro spells its refusals NamingError, all of them; those that programs tell apart get a kind of their own.
void note_refusal(ClientError& error);

/// Answers of another form are ClientErrorKind::protocol.
[[nodiscard]] ClientResult<NameEntry> entry_in(std::string_view name, Value answer);
[[nodiscard]] ClientResult<std::uint64_t> count_in(std::string_view method, const Value& answer);
/// One item of what list_call() answers; nullopt if it has another form.
[[nodiscard]] std::optional<NameEntry> listed_entry(Value key, Value value);
/// Where the registered object is; protocol if the registration does not say that.
[[nodiscard]] ClientResult<Uri> place_in(const NameEntry& entry);
[[nodiscard]] tl::unexpected<ClientError> not_a_name_server(std::string_view method);

}  // namespace hearth
