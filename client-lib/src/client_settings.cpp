#include <hearth/client_settings.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

#include "protocol/tls/tls_context.h"

namespace hearth {
namespace {

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

tl::unexpected<ClientError> invalid(std::string_view name, std::string_view text, std::string_view wanted) {
  return fail(ClientErrorKind::invalid, std::string(name) + "=" + std::string(text) + ": " + std::string(wanted));
}

ClientResult<void> read_port(const char* name, const char* text, std::uint16_t& port) {
  if (text == nullptr) return {};
  const auto value = number<std::uint16_t>(text);
  if (!value || *value == 0) return invalid(name, text, "not a port (1 to 65535)");
  port = *value;
  return {};
}

/// Seconds, as Pyro counts them. Less than a millisecond must not become the 0 that means for ever, or not at all.
ClientResult<void> read_seconds(const char* name, const char* text, std::uint32_t& time_ms) {
  if (text == nullptr) return {};
  const auto seconds = number<double>(text);
  constexpr double seconds_max = std::numeric_limits<int>::max() / 1000.0;
  if (!seconds || !(*seconds >= 0) || *seconds > seconds_max) return invalid(name, text, "not a number of seconds");
  time_ms = static_cast<std::uint32_t>(std::ceil(*seconds * 1000));
  return {};
}

ClientResult<void> read_timeout(const char* name, const char* text, ClientSettings& settings) {
  auto read = read_seconds(name, text, settings.call_timeout_ms);
  if (read && text != nullptr) settings.connect_timeout_ms = settings.call_timeout_ms;
  return read;
}

ClientResult<void> read_ip_version(const char* name, const char* text, int& version) {
  if (text == nullptr) return {};
  const auto value = number<int>(text);
  if (value != 0 && value != 4 && value != 6) return invalid(name, text, "must be 4, 6 or 0");
  version = *value;
  return {};
}

ClientResult<void> read_serializer(const char* name, const char* text, EnvironmentSettings& result) {
  if (text == nullptr) return {};
  const std::string_view wanted = text;
  for (const auto known :
       {SerializerName::serpent, SerializerName::json, SerializerName::marshal, SerializerName::msgpack}) {
    if (wanted == to_string(known)) {
      result.settings.serializer = known;
      return {};
    }
  }
  if (wanted == "pickle" || wanted == "dill" || wanted == "cloudpickle") {
    result.warnings.push_back(std::string(name) + "=" + text + " is only for Python; using serpent");
    return {};
  }
  return invalid(name, text, "must be serpent, json, marshal or msgpack");
}

ClientResult<void> read_retries(const char* name, const char* text, std::uint32_t& retries) {
  if (text == nullptr) return {};
  const auto value = number<std::uint32_t>(text);
  if (!value) return invalid(name, text, "not a number of repeats");
  retries = *value;
  return {};
}

/// The words of Pyro4/configuration.py; nothing is as good as unset.
ClientResult<void> read_switch(const char* name, const char* text, bool& value) {
  if (text == nullptr || *text == '\0') return {};
  std::string word = text;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  value = word == "1" || word == "on" || word == "yes" || word == "true";
  if (value || word == "0" || word == "off" || word == "no" || word == "false") return {};
  return invalid(name, text, "must be on or off");
}

ClientResult<void> read_tls(const std::function<const char*(const char* name)>& lookup, EnvironmentSettings& result) {
  const auto text_of = [&lookup](const char* name) {
    const char* text = lookup(name);
    return std::string(text == nullptr ? "" : text);
  };
  bool is_wanted = false;
  if (auto read = read_switch("PYRO_SSL", lookup("PYRO_SSL"), is_wanted); !read || !is_wanted) return read;
  auto tls = client_tls({text_of("PYRO_SSL_CLIENTCERT"), text_of("PYRO_SSL_CLIENTKEY"),
                         text_of("PYRO_SSL_CLIENTKEYPASSWD"), text_of("PYRO_SSL_CACERTS")});
  if (!tls) return forward_error(tls);
  for (const std::string& warning : (*tls)->warnings()) result.warnings.push_back(warning);
  result.settings.tls = std::move(*tls);
  return {};
}

std::vector<std::string> split_addresses(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  std::vector<std::string> addresses;
  while (!text.empty()) {
    std::string_view address = text.substr(0, text.find(','));
    text.remove_prefix(std::min(address.size() + 1, text.size()));
    address.remove_prefix(std::min(address.find_first_not_of(blanks), address.size()));
    address = address.substr(0, address.find_last_not_of(blanks) + 1);
    if (!address.empty()) addresses.emplace_back(address);
  }
  return addresses;
}

}  // namespace

ClientResult<EnvironmentSettings> settings_from_environment(
    const std::function<const char*(const char* name)>& lookup) {
  EnvironmentSettings result;
  ClientSettings& settings = result.settings;
  const auto read = [&lookup](const char* name, auto reader, auto& target) {
    return reader(name, lookup(name), target);
  };
  auto done =
      read("PYRO_NS_PORT", read_port, settings.name_server_port)
          .and_then([&] { return read("PYRO_NS_BCPORT", read_port, settings.broadcast_port); })
          .and_then([&] { return read("PYRO_COMMTIMEOUT", read_timeout, settings); })
          .and_then([&] { return read("PYRO_NS_LOOKUP_DELAY", read_seconds, settings.name_wait_ms); })
          .and_then([&] { return read("PYRO_PREFER_IP_VERSION", read_ip_version, settings.preferred_ip_version); })
          .and_then([&] { return read("PYRO_COMPRESSION", read_switch, settings.compress_requests); })
          .and_then([&] { return read("PYRO_MAX_RETRIES", read_retries, settings.call_retries); })
          .and_then([&] { return read("PYRO_SERIALIZER", read_serializer, result); })
          .and_then([&] { return read_tls(lookup, result); });
  if (!done) return forward_error(done);
  if (const char* host = lookup("PYRO_NS_HOST")) settings.name_server_host = host;
  if (const char* key = lookup("PYRO_HMAC_KEY")) settings.hmac_key = key;
  if (const char* token = lookup("HEARTH_TOKEN")) settings.name_server_token = token;
  if (const char* addresses = lookup("PYRO_BROADCAST_ADDRS")) settings.broadcast_addresses = split_addresses(addresses);
  return result;
}

ClientResult<EnvironmentSettings> settings_from_environment() {
  return settings_from_environment([](const char* name) -> const char* { return std::getenv(name); });
}

}  // namespace hearth
