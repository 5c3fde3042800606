#include <algorithm>
#include <iterator>

#include "nameserver/options/setting.h"
#include "protocol/base/check.h"

namespace hearth {
namespace {

/// Pyro4/naming.py AutoCleaner.min_autoclean_value.
constexpr std::uint32_t autoclean_period_ms_min = 3000;

/// The engine looks closer; it also knows how to convert Pyro4's dbm files.
bool is_storage(std::string_view text) {
  return text == "memory" || text.starts_with("sql:") || text.starts_with("dbm:");
}

const Limit* limit(std::string_view name) {
  const Limit* found = find_limit(name);
  HEARTH_CHECK(found != nullptr);
  return found;
}

std::vector<Setting> make_settings() {
  using enum SettingGroup;
  return {
      {.name = "host",
       .group = addresses,
       .kind = kind::Words{&Options::hosts},
       .placeholder = "HOST",
       .help = "name or address to listen on; may be repeated, the first one is in the URI; 0.0.0.0 or ::, all",
       .short_form = 'n',
       .variable = "PYRO_HOST",
       .in_reference = true},
      {.name = "port",
       .group = addresses,
       .kind = kind::Port{&Options::port},
       .placeholder = "PORT",
       .help = "TCP port; 0, any free one",
       .short_form = 'p',
       .variable = "PYRO_NS_PORT",
       .in_reference = true},
      {.name = "unixsocket",
       .group = addresses,
       .kind = kind::Text{&Options::unix_socket},
       .placeholder = "PATH",
       .help = "Unix socket to listen on; without a host or port beside it, in the file or on the command line, there "
               "is no TCP",
       .short_form = 'u',
       .default_words = "none",
       .in_reference = true},
      {.name = "unixsocket-mode",
       .group = addresses,
       .kind = kind::FileMode{&Options::unix_socket_mode},
       .placeholder = "MODE",
       .help = "permissions of that socket, in octal: who may connect",
       .default_words = "as the umask says"},
      {.name = "nathost",
       .group = addresses,
       .kind = kind::Text{&Options::nat_host},
       .placeholder = "HOST",
       .help = "host that clients outside of a NAT connect to; needs natport",
       .variable = "PYRO_NATHOST",
       .default_words = "no NAT",
       .in_reference = true},
      {.name = "natport",
       .group = addresses,
       .kind = kind::OptionalPort{&Options::nat_port},
       .placeholder = "PORT",
       .help = "port that they connect to; 0, the internal one",
       .variable = "PYRO_NATPORT",
       .default_words = "no NAT",
       .in_reference = true,
       .zero_unsets_variable = true},

      {.name = "storage",
       .group = storage,
       .kind = kind::Text{&Options::storage, {}, is_storage, "memory or sql:FILE"},
       .placeholder = "STORAGE",
       .help = "where registrations are kept: sql:FILE, or memory, which a restart forgets",
       .short_form = 's',
       .default_words = "hearthd.db, or hearthd-PORT.db for another port than 9090, in $STATE_DIRECTORY, else "
                        "$XDG_STATE_HOME/hearth, else ~/.local/state/hearth",
       .in_reference = true},

      {.name = "nobc",
       .group = discovery,
       .kind = kind::Flag{&Options::answers_broadcasts, false},
       .placeholder = "",
       .help = "do not answer the broadcasts of clients that look for a name server",
       .short_form = 'x',
       .in_reference = true},
      {.name = "bchost",
       .group = discovery,
       .kind = kind::Text{&Options::broadcast_host},
       .placeholder = "HOST",
       .help = "address on which broadcasts are answered",
       .variable = "PYRO_NS_BCHOST",
       .default_words = "every IPv4 address",
       .in_reference = true},
      {.name = "bcport",
       .group = discovery,
       .kind = kind::Port{&Options::broadcast_port},
       .placeholder = "PORT",
       .help = "UDP port on which broadcasts are answered; 0, any free one",
       .variable = "PYRO_NS_BCPORT",
       .in_reference = true},
      {.name = "broadcast-on-loopback",
       .group = discovery,
       .kind = kind::Flag{&Options::broadcasts_on_loopback},
       .placeholder = "",
       .help = "answer them even if only loopback is listened on"},
      {.name = "broadcast-addresses",
       .group = discovery,
       .kind = kind::Words{&Options::broadcast_addresses},
       .placeholder = "LIST",
       .help = "where other name servers are looked for",
       .variable = "PYRO_BROADCAST_ADDRS"},
      {.name = "refuse-rivals",
       .group = discovery,
       .kind = kind::Flag{&Options::refuses_rivals},
       .placeholder = "",
       .help = "do not start if another name server answers broadcasts"},

      {.name = "autoclean",
       .group = upkeep,
       .kind = kind::Period{&Options::autoclean_period_ms, autoclean_period_ms_min},
       .placeholder = "SECONDS",
       .help = "look after every registered object so often, and remove those that are gone; at least 3; 0, never",
       .variable = "PYRO_NS_AUTOCLEAN"},
      {.name = "autoclean-grace",
       .group = upkeep,
       .kind = kind::LimitValue{limit("autoclean-grace-ms"), true},
       .placeholder = "SECONDS",
       .help = "how long an object must have been unreachable before it is removed",
       .changes_at_reload = true},

      {.name = "serializers",
       .group = protocol,
       .kind = kind::Serializers{&Options::accepted_serializers},
       .placeholder = "LIST",
       .help = "what clients may use, of serpent, json, marshal, msgpack, pickle, dill and cloudpickle",
       .variable = "PYRO_SERIALIZERS_ACCEPTED"},
      {.name = "compress",
       .group = protocol,
       .kind = kind::Flag{&Options::compress_replies},
       .placeholder = "",
       .help = "compress long replies",
       .variable = "PYRO_COMPRESSION"},
      {.name = "max-message-size",
       .group = protocol,
       .kind = kind::LimitValue{limit("message-bytes-max")},
       .placeholder = "SIZE",
       .help = "longest request that is accepted, such as 512K or 16M",
       .variable = "PYRO_MAX_MESSAGE_SIZE",
       .changes_at_reload = true,
       .zero_unsets_variable = true},

      {.name = "key",
       .group = security,
       .kind = kind::Text{&Options::hmac_key},
       .placeholder = "KEY",
       .help = "HMAC key shared with Pyro4 clients; on a command line everybody can read it",
       .short_form = 'k',
       .variable = "PYRO_HMAC_KEY",
       .default_words = "none",
       .in_reference = true,
       .is_secret = true},

      {.name = "ssl",
       .group = security,
       .kind = kind::Flag{&Options::ssl},
       .placeholder = "",
       .help = "TCP clients must speak TLS; needs ssl-servercert",
       .variable = "PYRO_SSL"},
      {.name = "plain-port",
       .group = security,
       .kind = kind::OptionalPort{&Options::plain_port},
       .placeholder = "PORT",
       .help = "with ssl, another TCP port for clients without TLS; 0, any free one",
       .default_words = "none"},
      {.name = "ssl-port",
       .group = security,
       .kind = kind::OptionalPort{&Options::ssl_port},
       .placeholder = "PORT",
       .help = "without ssl, another TCP port for clients with TLS; 0, any free one",
       .default_words = "none"},
      {.name = "ssl-servercert",
       .group = security,
       .kind = kind::Text{&Options::ssl_certificate},
       .placeholder = "FILE",
       .help = "PEM file with the server's certificate, and behind it those that lead to its CA",
       .variable = "PYRO_SSL_SERVERCERT",
       .default_words = "none",
       .changes_at_reload = true},
      {.name = "ssl-serverkey",
       .group = security,
       .kind = kind::Text{&Options::ssl_key},
       .placeholder = "FILE",
       .help = "PEM file with its private key",
       .variable = "PYRO_SSL_SERVERKEY",
       .default_words = "the file of the certificate",
       .changes_at_reload = true},
      {.name = "ssl-serverkeypasswd",
       .group = security,
       .kind = kind::Text{&Options::ssl_key_passphrase},
       .placeholder = "TEXT",
       .help = "passphrase of the private key; on a command line everybody can read it",
       .variable = "PYRO_SSL_SERVERKEYPASSWD",
       .default_words = "none",
       .changes_at_reload = true,
       .is_secret = true},
      {.name = "ssl-cacerts",
       .group = security,
       .kind = kind::Text{&Options::ssl_authorities},
       .placeholder = "PATH",
       .help = "PEM file, or directory of such, with the CAs whose client certificates are trusted",
       .variable = "PYRO_SSL_CACERTS",
       .default_words = "none, and clients are not asked for a certificate",
       .changes_at_reload = true},
      {.name = "ssl-requireclientcert",
       .group = security,
       .kind = kind::Flag{&Options::ssl_requires_client_certificate},
       .placeholder = "",
       .help = "refuse TLS clients without a certificate of those CAs",
       .variable = "PYRO_SSL_REQUIRECLIENTCERT",
       .changes_at_reload = true},

      {.name = "access",
       .group = security,
       .kind = kind::Text{&Options::access_file},
       .placeholder = "FILE",
       .help = "file of rules of who may do what; without it everybody may do everything",
       .default_words = "none",
       .changes_at_reload = true},

      {.name = "audit-log",
       .group = security,
       .kind = kind::Text{&Options::audit_log},
       .placeholder = "FILE",
       .help =
           "where each change and each refusal is written down; {stderr}, where the log goes if it is not in a file",
       .default_words = "none",
       .changes_at_reload = true},

      {.name = "log-level",
       .group = logging,
       .kind = kind::Level{&Options::log_level},
       .placeholder = "LEVEL",
       .help = "least level that is logged: debug, info, warning or error",
       .variable = "PYRO_LOGLEVEL",
       .changes_at_reload = true},
      {.name = "log-file",
       .group = logging,
       .kind = kind::Text{&Options::log_file, "{stderr}"},
       .placeholder = "FILE",
       .help = "where the log goes",
       .variable = "PYRO_LOGFILE",
       .changes_at_reload = true},
      {.name = "debug",
       .group = logging,
       .kind = kind::DebugCategories{&Options::debug_categories},
       .placeholder = "LIST",
       .help = "parts of the server that log at level debug, whatever the level",
       .default_words = "none",
       .changes_at_reload = true},
  };
}

std::vector<Setting> make_limit_settings() {
  std::vector<Setting> made;
  for (const Limit& each : limit_table()) {
    made.push_back({.name = each.name,
                    .group = SettingGroup::limits,
                    .kind = kind::LimitValue{&each},
                    .placeholder = "VALUE",
                    .help = "",
                    .changes_at_reload = true});
  }
  return made;
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> table = make_settings();
  return table;
}

std::span<const Setting> limit_settings() {
  static const std::vector<Setting> table = make_limit_settings();
  return table;
}

const Setting* find_setting(std::span<const Setting> table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Setting::name);
  return found == table.end() ? nullptr : &*found;
}

std::vector<std::string_view> names_of(std::span<const Setting> table) {
  std::vector<std::string_view> names;
  std::ranges::transform(table, std::back_inserter(names), &Setting::name);
  return names;
}

std::string_view subject_of(const Setting& setting) {
  const auto* value = std::get_if<kind::LimitValue>(&setting.kind);
  return value != nullptr ? value->limit->name : setting.name;
}

bool is_flag(const Setting& setting) { return std::holds_alternative<kind::Flag>(setting.kind); }

bool is_list(const Setting& setting) {
  return std::holds_alternative<kind::Words>(setting.kind) || std::holds_alternative<kind::Serializers>(setting.kind) ||
         std::holds_alternative<kind::DebugCategories>(setting.kind);
}

}  // namespace hearth
