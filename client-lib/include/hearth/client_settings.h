/// ClientSettings: how to find and talk to Pyro servers; what PYRO_* variables set, in one struct.
///
/// Layer: client-lib, public.        Thread rule: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/api.h>
#include <hearth/client_error.h>
#include <hearth/dialect.h>
#include <hearth/interrupt.h>
#include <hearth/serializer_name.h>
#include <hearth/tls.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

/// Where name servers answer broadcasts (NS_BCPORT).
inline constexpr std::uint16_t default_discovery_port = 9091;

/// The defaults are Pyro's, but for the timeouts: Pyro waits for ever.
struct ClientSettings {
  SerializerName serializer = SerializerName::serpent;  ///< PYRO_SERIALIZER
  bool compress_requests = false;                       ///< PYRO_COMPRESSION; payloads of 200 bytes and more
  Dialect first_dialect = Dialect::pyro5;  ///< tried first; the other one if the server turns out to speak that
  std::string hmac_key;                    ///< PYRO_HMAC_KEY. Not empty: the Pyro4 dialect only, Pyro5 cannot carry it
  /// PYRO_SSL and the other PYRO_SSL_*; nullptr: no TLS. Unix sockets have none in any case.
  std::shared_ptr<const TlsContext> tls;
  Value handshake = "hello";            ///< what the server's handshake check gets to see
  std::vector<Annotation> annotations;  ///< sent with the handshake and every call
  /// HEARTH_TOKEN: who we are for the access rules of a hearthd. Sent in place of `handshake`, to name servers only; in the clear
  /// if there is no TLS. Empty: none.
  std::string name_server_token;
  int preferred_ip_version = 4;  ///< PYRO_PREFER_IP_VERSION: 4, 6 or 0 (as the resolver orders them); the others follow
  std::uint32_t connect_timeout_ms = 10000;  ///< to connect and shake hands; 0: wait for ever
  std::uint32_t call_timeout_ms = 60000;     ///< from a call to its result, repeats included; 0: wait for ever
  /// PYRO_MAX_RETRIES: how often a call is made again whose connection was lost before its result came. The method may have
  /// run already, so this is only for methods that do no harm when they run twice.
  std::uint32_t call_retries = 0;
  /// Before the second repeat of a call, and between two questions of whoever waits for a name; doubled from one to the
  /// next up to the maximum.
  std::uint32_t retry_wait_ms = 50;
  std::uint32_t retry_wait_ms_max = 2000;
  std::shared_ptr<const Interrupt> interrupt;  ///< once it is set, nothing is waited for

  /// PYRO_NS_HOST; or several, `host1:9090,host2:9090`, to be tried in their order
  std::string name_server_host = "localhost";
  std::uint16_t name_server_port = default_name_server_port;  ///< PYRO_NS_PORT
  std::uint16_t broadcast_port = default_discovery_port;      ///< PYRO_NS_BCPORT
  /// PYRO_BROADCAST_ADDRS, separated by commas
  std::vector<std::string> broadcast_addresses{"<broadcast>", "0.0.0.0"};
  std::uint32_t broadcast_wait_ms = 700;  ///< for an answer, before the question is repeated
  std::uint32_t broadcast_rounds = 3;
  std::uint32_t name_wait_ms = 0;  ///< PYRO_NS_LOOKUP_DELAY (seconds): how long resolve() waits for a registration
};

struct EnvironmentSettings {
  ClientSettings settings;
  std::vector<std::string> warnings;  ///< what was set and could not be followed, a sentence each
};

/// The settings that the environment asks for. `lookup` is std::getenv, or a stand-in. PYRO_COMMTIMEOUT
/// (seconds, 0: none) sets both timeouts. A variable that cannot be understood, or names a file that is no good, is
/// ClientErrorKind::invalid; unknown variables are ignored.
[[nodiscard]] HEARTH_API ClientResult<EnvironmentSettings> settings_from_environment(
    const std::function<const char*(const char* name)>& lookup);

/// Those of this process.
[[nodiscard]] HEARTH_API ClientResult<EnvironmentSettings> settings_from_environment();

}  // namespace hearth
