#include <doctest/doctest.h>

#include <map>
#include <set>

#include "nameserver/options/command_line.h"
#include "nameserver/options/setting_value.h"

namespace hearth {
namespace {

const Setting& named(std::string_view name) {
  const Setting* setting = find_setting(settings(), name);
  if (setting == nullptr) setting = find_setting(limit_settings(), name);
  REQUIRE_MESSAGE(setting != nullptr, name);
  return *setting;
}

struct Case {
  const char* name;
  std::vector<std::string> values;
  const char* printed;
};

}  // namespace

TEST_CASE("names, short forms and variables of settings are unique") {
  std::set<std::string_view> names;
  std::set<std::string_view> variables;
  std::set<char> short_forms{'h'};
  for (const Setting& setting : settings()) {
    CAPTURE(setting.name);
    CHECK(names.insert(setting.name).second);
    if (!setting.variable.empty()) CHECK(variables.insert(setting.variable).second);
    if (setting.short_form != '\0') CHECK(short_forms.insert(setting.short_form).second);
    CHECK(is_flag(setting) == setting.placeholder.empty());
    CHECK_FALSE(setting.help.empty());
    CHECK((is_flag(setting) || !setting.default_words.empty() || !print_value(setting, Options()).empty()));
  }
  for (const Setting& limit : limit_settings()) CHECK(names.insert(limit.name).second);
  for (const auto& action : command_line_actions()) CHECK(names.insert(action.name).second);
}

TEST_CASE("values are read, printed, read again and copied") {
  for (const Case& test :
       std::vector<Case>{{"host", {"a"}, "a"},
                         {"host", {"a", "b, c"}, "a, b, c"},
                         {"host", {""}, "localhost"},
                         {"port", {"1", "0"}, "0"},
                         {"unixsocket", {"/run/a, b.sock"}, "/run/a, b.sock"},
                         {"unixsocket", {""}, ""},
                         {"unixsocket-mode", {"660"}, "0660"},
                         {"unixsocket-mode", {"0o600"}, "0600"},
                         {"unixsocket-mode", {"0777"}, "0777"},
                         {"unixsocket-mode", {""}, ""},
                         {"natport", {"0"}, "0"},
                         {"natport", {""}, ""},
                         {"storage", {"memory"}, "memory"},
                         {"storage", {"sql:/var/lib/names.db"}, "sql:/var/lib/names.db"},
                         {"nobc", {"true"}, "true"},
                         {"nobc", {"true", "no"}, "false"},
                         {"compress", {"1"}, "true"},
                         {"broadcast-addresses", {"10.0.0.255,<broadcast>"}, "10.0.0.255, <broadcast>"},
                         {"autoclean", {"3"}, "3"},
                         {"autoclean", {"0.0"}, "0"},
                         {"autoclean", {"10.5"}, "10.5"},
                         {"autoclean-grace", {"2.5"}, "2.5"},
                         {"serializers", {"json,serpent", "json"}, "json, serpent"},
                         {"serializers", {""}, "serpent, json, marshal, msgpack"},
                         {"max-message-size", {"1MiB"}, "1M"},
                         {"key", {" with # blanks "}, " with # blanks "},
                         {"log-level", {"WARN"}, "warning"},
                         {"log-level", {"NOTSET"}, "debug"},
                         {"log-level", {"CRITICAL"}, "error"},
                         {"log-file", {"{stderr}"}, "{stderr}"},
                         {"log-file", {"/var/log/hearthd.log"}, "/var/log/hearthd.log"},
                         {"debug", {"store,net"}, "store, net"},
                         {"debug", {""}, ""},
                         {"connections-max", {"500"}, "500"},
                         {"nesting-max", {"100"}, "100"},
                         {"commit-queue-bytes-max", {"2G"}, "2G"},
                         {"handshake-timeout-ms", {"5000"}, "5000"}}) {
    CAPTURE(test.name);
    CAPTURE(test.printed);
    const Setting& setting = named(test.name);
    Options options;
    const auto remark = read_values(setting, test.values, options);
    REQUIRE_MESSAGE(remark.has_value(), (remark ? "" : remark.error().text));
    CHECK(remark->empty());
    CHECK(print_value(setting, options) == test.printed);
    Options again;
    REQUIRE(read_values(setting, {print_value(setting, options)}, again).has_value());
    CHECK(print_value(setting, again) == test.printed);
    Options copy;
    copy_value(setting, options, copy);
    CHECK(print_value(setting, copy) == test.printed);
  }
}

TEST_CASE("a bad value is an error that says what is good, and changes nothing") {
  const std::map<const char*, std::vector<const char*>> bad{{"port", {"", "x", "-1", "65536", "1.0"}},
                                                            {"natport", {"x", "65536"}},
                                                            {"unixsocket-mode", {"8", "1000", "rw", "-1"}},
                                                            {"storage", {"Memory", "redis:x", "sql", "sqlite"}},
                                                            {"nobc", {"maybe", ""}},
                                                            {"autoclean", {"2.9", "-1", "x", "", "inf", "1e9"}},
                                                            {"autoclean-grace", {"-1", "x", "", "999999999"}},
                                                            {"serializers", {"morse", "json,morse", "JSON"}},
                                                            {"max-message-size", {"0", "16MB", "2G", "x", ""}},
                                                            {"log-level", {"loud", ""}},
                                                            {"debug", {"everything", "net,x"}},
                                                            {"connections-max", {"0", "-1", "1K", "4294967297", ""}}};
  for (const auto& [name, values] : bad) {
    for (const char* value : values) {
      Options options;
      const auto read = read_values(named(name), {value}, options);
      REQUIRE_MESSAGE(!read.has_value(), value);
      CHECK_FALSE(read.error().text.empty());
      CHECK(print_value(named(name), options) == print_value(named(name), Options()));
    }
  }
  Options options;
  CHECK(read_values(named("autoclean"), {"2"}, options).error().text.find("cannot be smaller than 3") !=
        std::string::npos);
  CHECK(read_values(named("debug"), {"x"}, options).error().text.starts_with("a list of net, store, server"));
}

TEST_CASE("pickle is accepted where it is listed") {
  Options options;
  CHECK(read_values(named("serializers"), {"pickle,json"}, options)->empty());
  CHECK(options.accepted_serializers == std::vector<SerializerName>{SerializerName::pickle, SerializerName::json});
}

TEST_CASE("every limit can be set to each of its bounds and to nothing beyond") {
  for (const Limit& limit : limit_table()) {
    CAPTURE(limit.name);
    const Setting& setting = named(limit.name);
    Options options;
    for (const std::uint64_t good : {limit.min, limit.max}) {
      REQUIRE(read_values(setting, {std::to_string(good)}, options).has_value());
      CHECK(limit_value(limit, options.limits) == good);
    }
    CHECK_FALSE(read_values(setting, {std::to_string(limit.max + 1)}, options).has_value());
    if (limit.min > 0) CHECK_FALSE(read_values(setting, {std::to_string(limit.min - 1)}, options).has_value());
  }
}

}  // namespace hearth
