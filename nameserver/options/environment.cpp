#include "nameserver/options/environment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace hearth {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

tl::unexpected<Error> bad_value(const char* variable, std::string_view value, std::string_view expected) {
  return fail(ErrorKind::malformed,
              std::string(variable) + "=" + std::string(value) + " is no good: it must be " + std::string(expected));
}

Result<std::uint32_t> number(const char* variable, std::string_view value, std::uint32_t most) {
  std::uint32_t parsed = 0;
  const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (status != std::errc() || end != value.data() + value.size() || parsed > most) {
    return bad_value(variable, value, "a number from 0 to " + std::to_string(most));
  }
  return parsed;
}

/// The words of Pyro4/configuration.py.
Result<bool> truth(const char* variable, std::string_view value) {
  const std::string word = lower(value);
  if (word == "1" || word == "yes" || word == "on" || word == "true") return true;
  if (word == "0" || word == "no" || word == "off" || word == "false") return false;
  return bad_value(variable, value, "true or false");
}

Result<LogLevel> log_level(const char* variable, std::string_view value) {
  const std::string word = lower(value);
  if (word == "debug" || word == "notset") return LogLevel::debug;
  if (word == "info") return LogLevel::info;
  if (word == "warning" || word == "warn") return LogLevel::warning;
  if (word == "error" || word == "critical" || word == "fatal") return LogLevel::error;
  return bad_value(variable, value, "DEBUG, INFO, WARNING or ERROR");
}

Result<void> set_serializers(const char* variable, std::string_view list, Options& options) {
  constexpr std::array<std::string_view, 3> code_runners{"pickle", "dill", "cloudpickle"};
  options.accepted_serializers.clear();
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    std::string_view word = list.substr(start, end - start);
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    start = end + 1;
    const auto known = serializer_named(word);
    if (known) {
      options.accepted_serializers.push_back(*known);
    } else if (std::find(code_runners.begin(), code_runners.end(), word) != code_runners.end()) {
      options.warnings.push_back(std::string(variable) + " lists " + std::string(word) +
                                 ", which hearthd does not read: clients that use it are refused");
    } else {
      return bad_value(variable, list, "a list of serpent, json, marshal and msgpack");
    }
  }
  if (options.accepted_serializers.empty()) {
    return bad_value(variable, list, "a list with at least one of serpent, json, marshal and msgpack");
  }
  return {};
}

}  // namespace

std::string_view value_of(const Environment& environment, std::string_view variable) {
  const auto found = environment.find(variable);
  return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

Result<void> apply_environment(const Environment& environment, Options& options) {
  const auto given = [&environment](const char* variable) { return value_of(environment, variable); };
  const auto apply = [&given](const char* variable, auto parse, auto set) -> Result<void> {
    if (given(variable).empty()) return {};
    auto parsed = parse(variable, given(variable));
    if (!parsed) return forward_error(parsed);
    set(*parsed);
    return {};
  };
  const auto port = [](const char* variable, std::string_view value) { return number(variable, value, 65535); };
  const auto size = [](const char* variable, std::string_view value) { return number(variable, value, 0x7FFFFFFF); };

  if (!given("PYRO_HOST").empty()) {
    options.hosts = {std::string(given("PYRO_HOST"))};
    options.host_is_set = true;
  }
  if (!given("PYRO_NATHOST").empty()) options.nat_host = given("PYRO_NATHOST");
  options.hmac_key = given("PYRO_HMAC_KEY");
  Result<void> applied =
      apply("PYRO_NS_PORT", port, [&](std::uint32_t p) { options.port = static_cast<std::uint16_t>(p); });
  if (applied) {
    // 0 is the reference's "not set" here; on the command line it means the internal port.
    applied = apply("PYRO_NATPORT", port, [&](std::uint32_t p) {
      if (p != 0) options.nat_port = static_cast<std::uint16_t>(p);
    });
  }
  if (applied) applied = apply("PYRO_COMPRESSION", truth, [&](bool on) { options.compress_replies = on; });
  if (applied) applied = apply("PYRO_LOGLEVEL", log_level, [&](LogLevel level) { options.log_level = level; });
  if (applied) {
    // 0 is "unlimited" in the reference; hearthd always has a limit.
    applied = apply("PYRO_MAX_MESSAGE_SIZE", size, [&](std::uint32_t bytes) {
      if (bytes != 0) options.limits.message_bytes_max = bytes;
    });
  }
  if (applied && !given("PYRO_SERIALIZERS_ACCEPTED").empty()) {
    applied = set_serializers("PYRO_SERIALIZERS_ACCEPTED", given("PYRO_SERIALIZERS_ACCEPTED"), options);
  }
  if (!applied) return applied;

  if (const auto ssl = given("PYRO_SSL"); !ssl.empty()) {
    const auto wanted = truth("PYRO_SSL", ssl);
    if (!wanted) return tl::unexpected<Error>(wanted.error());
    if (*wanted) {
      return fail(ErrorKind::unsupported,
                  "PYRO_SSL is set, but this version of hearthd has no TLS: unset it to serve unencrypted");
    }
  }
  return {};
}

}  // namespace hearth
