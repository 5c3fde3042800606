#include <hearth/client_settings.h>

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

ClientResult<EnvironmentSettings> settings_from(const std::map<std::string, std::string>& environment) {
  return settings_from_environment([&environment](const char* name) -> const char* {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

}  // namespace

TEST_CASE("client settings: the environment of Pyro's clients") {
  const auto read = settings_from({{"PYRO_NS_HOST", "ns.example"},
                                   {"PYRO_NS_PORT", "19090"},
                                   {"PYRO_NS_BCPORT", "19091"},
                                   {"PYRO_BROADCAST_ADDRS", " 192.0.2.255,, <broadcast> "},
                                   {"PYRO_COMMTIMEOUT", "1.5"},
                                   {"PYRO_NS_LOOKUP_DELAY", "2"},
                                   {"PYRO_SERIALIZER", "msgpack"},
                                   {"PYRO_COMPRESSION", "On"},
                                   {"PYRO_MAX_RETRIES", "2"},
                                   {"PYRO_PREFER_IP_VERSION", "6"},
                                   {"PYRO_HMAC_KEY", "secret"},
                                   {"PYRO_UNKNOWN", "x"}});
  REQUIRE(read.has_value());
  const ClientSettings& settings = read->settings;
  CHECK(settings.name_server_host == "ns.example");
  CHECK(settings.name_server_port == 19090);
  CHECK(settings.broadcast_port == 19091);
  CHECK(settings.broadcast_addresses == std::vector<std::string>{"192.0.2.255", "<broadcast>"});
  CHECK(settings.connect_timeout_ms == 1500);
  CHECK(settings.call_timeout_ms == 1500);
  CHECK(settings.name_wait_ms == 2000);
  CHECK(settings.serializer == SerializerName::msgpack);
  CHECK(settings.compress_requests);
  CHECK(settings.call_retries == 2);
  CHECK(settings.preferred_ip_version == 6);
  CHECK(settings.hmac_key == "secret");
  CHECK(read->warnings.empty());
}

TEST_CASE("client settings: times that could be mistaken") {
  CHECK(settings_from({{"PYRO_COMMTIMEOUT", "0"}}).value().settings.call_timeout_ms == 0);  // for ever, as in Pyro
  CHECK(settings_from({{"PYRO_COMMTIMEOUT", "0.0001"}}).value().settings.call_timeout_ms == 1);
  for (const char* nonsense : {"-1", "nan", "inf", "1e300", "5s", ""}) {
    CHECK_FALSE(settings_from({{"PYRO_COMMTIMEOUT", nonsense}}).has_value());
  }
}

TEST_CASE("client settings: TLS, if it is asked for") {
  const TempDir directory;
  const TestAuthority authority(directory.path(), "Lab CA");
  const TlsFiles alice = authority.issue("alice", {}, "open sesame");
  std::map<std::string, std::string> environment{{"PYRO_SSL_CACERTS", authority.file()},
                                                 {"PYRO_SSL_CLIENTCERT", alice.certificate},
                                                 {"PYRO_SSL_CLIENTKEY", alice.key},
                                                 {"PYRO_SSL_CLIENTKEYPASSWD", "open sesame"}};
  CHECK(settings_from(environment).value().settings.tls == nullptr);
  for (const char* word : {"true", "Yes", "1", "ON"}) {
    environment["PYRO_SSL"] = word;
    CHECK(settings_from(environment).value().settings.tls != nullptr);
  }
  environment["PYRO_SSL_CLIENTKEYPASSWD"] = "wrong";
  const auto refused = settings_from(environment);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ClientErrorKind::invalid);
  CHECK(refused.error().text.find("PYRO_SSL_CLIENTKEYPASSWD") != std::string::npos);
  for (const char* word : {"off", "", "0"}) {
    environment["PYRO_SSL"] = word;
    CHECK(settings_from(environment).value().settings.tls == nullptr);
  }
}

TEST_CASE("client settings: what cannot be followed is named") {
  const auto trouble = [](const char* name, const char* text) {
    const auto read = settings_from({{name, text}});
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == ClientErrorKind::invalid);
    return read.error().text;
  };
  CHECK(trouble("PYRO_NS_PORT", "65536") == "PYRO_NS_PORT=65536: not a port (1 to 65535)");
  CHECK(trouble("PYRO_NS_BCPORT", "x") == "PYRO_NS_BCPORT=x: not a port (1 to 65535)");
  CHECK(trouble("PYRO_SSL", "perhaps") == "PYRO_SSL=perhaps: must be on or off");
  CHECK(trouble("PYRO_PREFER_IP_VERSION", "5") == "PYRO_PREFER_IP_VERSION=5: must be 4, 6 or 0");
  CHECK(trouble("PYRO_COMPRESSION", "maybe") == "PYRO_COMPRESSION=maybe: must be on or off");
  CHECK(trouble("PYRO_MAX_RETRIES", "-1") == "PYRO_MAX_RETRIES=-1: not a number of repeats");
  CHECK(trouble("PYRO_SERIALIZER", "yaml") == "PYRO_SERIALIZER=yaml: must be serpent, json, marshal or msgpack");

  const auto pickle = settings_from({{"PYRO_SERIALIZER", "pickle"}});
  REQUIRE(pickle.has_value());
  CHECK(pickle->settings.serializer == SerializerName::serpent);
  CHECK(pickle->warnings == std::vector<std::string>{"PYRO_SERIALIZER=pickle is only for Python; using serpent"});
}

}  // namespace hearth
