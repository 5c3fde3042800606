#include "nameserver/options/environment.h"

#include <algorithm>
#include <array>

#include "nameserver/options/nearest.h"
#include "nameserver/options/value_text.h"

namespace hearth {
namespace {

/// What Pyro4 and Pyro5 know beside the variables of our settings (Pyro4/configuration.py, Pyro5/configure.py, and
/// PYRO_ONEWAY_THREADED of Pyro5's manual): settings of clients, and of Python's sockets and threads.
constexpr std::array<std::string_view, 30> silent_variables{
    "PYRO_AUTOPROXY",
    "PYRO_COMMTIMEOUT",
    "PYRO_DETAILED_TRACEBACK",
    "PYRO_DILL_PROTOCOL_VERSION",
    "PYRO_FLAME_ENABLED",
    "PYRO_ITER_STREAMING",
    "PYRO_ITER_STREAM_LIFETIME",
    "PYRO_ITER_STREAM_LINGER",
    "PYRO_JSON_MODULE",
    "PYRO_LOGWIRE",
    "PYRO_MAX_RETRIES",
    "PYRO_METADATA",
    "PYRO_NS_HOST",
    "PYRO_NS_LOOKUP_DELAY",
    "PYRO_ONEWAY_THREADED",
    "PYRO_PICKLE_PROTOCOL_VERSION",
    "PYRO_POLLTIMEOUT",
    "PYRO_PREFER_IP_VERSION",
    "PYRO_REQUIRE_EXPOSE",
    "PYRO_SERIALIZER",
    "PYRO_SERPENT_BYTES_REPR",
    "PYRO_SERVERTYPE",
    "PYRO_SOCK_NODELAY",
    "PYRO_SOCK_REUSE",
    "PYRO_SSL_CLIENTCERT",
    "PYRO_SSL_CLIENTKEY",
    "PYRO_SSL_CLIENTKEYPASSWD",
    "PYRO_THREADPOOL_SIZE",
    "PYRO_THREADPOOL_SIZE_MIN",
    "PYRO_USE_MSG_WAITALL",
};

}  // namespace

std::string_view value_of(const Environment& environment, std::string_view variable) {
  const auto found = environment.find(variable);
  return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

EnvironmentSource environment_source(const Environment& environment) {
  EnvironmentSource result;
  std::vector<std::string_view> known(silent_variables.begin(), silent_variables.end());
  for (const Setting& setting : settings()) {
    if (setting.variable.empty()) continue;
    known.push_back(setting.variable);
    const std::string value(value_of(environment, setting.variable));
    if (value.empty() || (setting.zero_unsets_variable && whole_number(value) == 0U)) continue;
    const std::string variable(setting.variable);
    result.source.push_back({&setting, {value}, variable, variable + "="});
  }
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with("PYRO_") || std::ranges::find(known, variable) != known.end()) continue;
    result.warnings.push_back(shown(variable) + " is no setting that Pyro or hearthd knows" +
                              did_you_mean(variable, known));
  }
  return result;
}

}  // namespace hearth
