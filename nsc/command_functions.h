/// The functions behind the commands; what each does, the table in commands.cpp and nsc(1) say.
///
/// Layer: nsc.        Thread rule: one thread.
#pragma once

#include <hearth/name_server.h>

#include "nsc/request.h"

namespace hearth::nsc {

// registration_commands.cpp
[[nodiscard]] Report ping(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report list(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report list_matching(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report yplookup_all(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report yplookup_any(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report lookup(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report register_name(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report set_metadata(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report remove(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report remove_matching(const Request& request, NameServerClient& name_server);

// server_commands.cpp
[[nodiscard]] Report status(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report confirm_autoclean(const Request& request, NameServerClient& name_server);

// backup_command.cpp
[[nodiscard]] Report backup(const Request& request, NameServerClient& name_server);

// export_command.cpp, import_command.cpp
[[nodiscard]] Report export_names(const Request& request, NameServerClient& name_server);
[[nodiscard]] Report import_names(const Request& request, NameServerClient& name_server);

// network_commands.cpp
[[nodiscard]] Report find_servers(const Request& request);
[[nodiscard]] Report doctor(const Request& request);

}  // namespace hearth::nsc
