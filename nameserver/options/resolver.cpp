#include "nameserver/options/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nameserver/options/setting_value.h"
#include "nameserver/options/value_text.h"

namespace hearth {
namespace {

const Assignment* find_assignment(const Source& source, std::string_view name) {
  const auto found =
      std::ranges::find(source, name, [](const Assignment& assignment) { return assignment.setting->name; });
  return found == source.end() || found->values.back().empty() ? nullptr : &*found;
}

/// For an error.
std::string written_value(const Assignment& assignment) {
  if (assignment.setting->is_secret) return "";
  if (!is_list(*assignment.setting)) return shown(assignment.values.back());
  return shown(fmt::format("{}", fmt::join(assignment.values, ",")));
}

/// `remarks` are those of the effective values.
Result<void> apply(const Source& source, Resolved& resolved, std::map<std::string_view, std::string>& remarks) {
  for (const Assignment& assignment : source) {
    const Setting& setting = *assignment.setting;
    auto remark = read_values(setting, assignment.values, resolved.options);
    if (!remark) {
      return fail(ErrorKind::malformed, fmt::format("{}{} is no good: it must be {}", assignment.spelling,
                                                    written_value(assignment), remark.error().text));
    }
    resolved.origins[subject_of(setting)] = assignment.origin;
    remarks[setting.name] = remark->empty() ? "" : assignment.origin + " " + *remark;
  }
  return {};
}

/// On a command line other users see them; the reference has -k all the same.
Result<void> check_secrets(const Sources& sources, Options& options) {
  for (const Setting& setting : settings()) {
    if (!setting.is_secret || find_assignment(sources.command_line, setting.name) == nullptr) continue;
    const std::string option =
        setting.short_form != '\0' ? fmt::format("-{}", setting.short_form) : fmt::format("--{}", setting.name);
    if (find_assignment(sources.environment, setting.name) != nullptr) {
      return fail(ErrorKind::malformed, fmt::format("do not use {} and {} at the same time", option, setting.variable));
    }
    options.warnings.push_back(
        fmt::format("the {} given with {} can be read by every user of this machine: use {} or the configuration file "
                    "instead",
                    setting.name, option, setting.variable));
  }
  return {};
}

std::string name_with_origin(const Resolved& resolved, std::string_view name) {
  return fmt::format("{} ({})", name, origin_of(resolved, *find_setting(settings(), name)));
}

/// What the reference's NameServerDaemon refuses (Pyro4/core.py class Daemon, __init__).
Result<void> check_nat(const Resolved& resolved) {
  const Options& options = resolved.options;
  const auto with_origin = [&resolved](std::string_view name) { return name_with_origin(resolved, name); };
  if (!options.nat_host.empty() && !options.unix_socket.empty()) {
    return fail(ErrorKind::malformed, fmt::format("cannot use nathost together with unixsocket: unset {} or {}",
                                                  with_origin("nathost"), with_origin("unixsocket")));
  }
  if (options.nat_host.empty() && options.nat_port) {
    return fail(ErrorKind::malformed, with_origin("natport") + " needs nathost");
  }
  if (!options.nat_host.empty() && !options.nat_port) {
    return fail(ErrorKind::malformed, with_origin("nathost") + " needs natport (0: the internal port)");
  }
  return {};
}

Result<void> check_tls(const Resolved& resolved) {
  const Options& options = resolved.options;
  const auto with_origin = [&resolved](std::string_view name) { return name_with_origin(resolved, name); };
  const auto refuse = [](std::string text) { return fail(ErrorKind::malformed, std::move(text)); };
  if (options.ssl && options.ssl_port) {
    return refuse(with_origin("ssl-port") +
                  " is for servers whose main port has no TLS: with ssl it has; unset one of them, or use plain-port");
  }
  if (options.plain_port && !options.ssl)
    return refuse(with_origin("plain-port") + " needs ssl: without it no port has TLS");
  for (const auto& [name, port] :
       {std::pair("ssl-port", options.ssl_port), std::pair("plain-port", options.plain_port)}) {
    if (!port) continue;
    if (!options.serves_tcp) return refuse(with_origin(name) + " needs host or port beside the Unix socket");
    if (*port != 0 && *port == options.port)
      return refuse(with_origin(name) + " is the port of the other clients: choose another");
  }
  if (!options.uses_tls()) return {};
  if (options.ssl_certificate.empty()) {
    return refuse(with_origin(options.ssl ? "ssl" : "ssl-port") +
                  " needs a certificate: set ssl-servercert (PYRO_SSL_SERVERCERT)");
  }
  if (options.ssl_requires_client_certificate && options.ssl_authorities.empty()) {
    return refuse(with_origin("ssl-requireclientcert") +
                  " needs the CAs of the clients' certificates: set ssl-cacerts (PYRO_SSL_CACERTS)");
  }
  return {};
}

/// As in the reference, a Unix socket alone turns TCP off. PYRO_HOST and PYRO_NS_PORT do not count: they are there for clients
/// and other servers too, and the reference lets the Unix socket win over them.
bool serves_tcp(const Sources& sources, const Options& options) {
  const auto asks_for_tcp = [](const Source& source) {
    return find_assignment(source, "host") != nullptr || find_assignment(source, "port") != nullptr;
  };
  return options.unix_socket.empty() || asks_for_tcp(sources.file) || asks_for_tcp(sources.command_line);
}

}  // namespace

Result<Resolved> resolve(const Sources& sources) {
  Resolved resolved;
  std::map<std::string_view, std::string> remarks;
  for (const Source* source : {&sources.file, &sources.environment, &sources.command_line}) {
    if (auto applied = apply(*source, resolved, remarks); !applied) return forward_error(applied);
  }
  Options& options = resolved.options;
  for (auto& [name, remark] : remarks) {
    if (!remark.empty()) options.warnings.push_back(std::move(remark));
  }
  options.serves_tcp = serves_tcp(sources, options);
  // Not by the origin: what --print-config writes out must mean the same when it is read back.
  options.host_is_set = options.hosts != Options().hosts;
  if (auto checked = check_secrets(sources, options); !checked) return forward_error(checked);
  if (auto checked = check_nat(resolved); !checked) return forward_error(checked);
  if (auto checked = check_tls(resolved); !checked) return forward_error(checked);
  return resolved;
}

std::string origin_of(const Resolved& resolved, const Setting& setting) {
  const auto found = resolved.origins.find(subject_of(setting));
  return found == resolved.origins.end() ? "default" : found->second;
}

}  // namespace hearth
