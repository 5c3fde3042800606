/// Setting: one row of the table that the command line, the environment, the configuration file, --help, --print-config and
/// the abbreviations of long options all come from. A new setting is one row in settings.cpp and its field in Options.
///
/// Layer: nameserver/options.        Thread rule: constant data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nameserver/options/limit_table.h"
#include "nameserver/options/options.h"

namespace hearth {

/// The kinds of values: how one is written, and in which field it ends. What reads and prints them is setting_value.cpp.
namespace kind {

struct Text {
  std::string Options::*field;
  std::string_view word_for_none = {};                     ///< how "none" is written, if not as nothing
  bool (*is_acceptable)(std::string_view text) = nullptr;  ///< nullptr: every text is
  std::string_view wanted = {};                            ///< for the error: what it must be
};

/// Commas between them, or given several times. None given: those of the default.
struct Words {
  std::vector<std::string> Options::*field;
};
struct Serializers {
  std::vector<SerializerName> Options::*field;
};
/// Names of LogCategory; may be empty.
struct DebugCategories {
  std::vector<std::string> Options::*field;
};

struct Port {
  std::uint16_t Options::*field;
};
struct OptionalPort {
  std::optional<std::uint16_t> Options::*field;
};
/// Octal permission bits.
struct FileMode {
  std::optional<std::uint32_t> Options::*field;
};
struct Flag {
  bool Options::*field;
  bool when_set = true;  ///< what the field becomes
};
struct Level {
  LogLevel Options::*field;
};
/// Seconds between two rounds of something: 0 (off), or at least `least_ms`.
struct Period {
  std::uint32_t Options::*field_ms;
  std::uint32_t least_ms;
};
/// A limit; in a unit that people of the reference know, where that is not its own.
struct LimitValue {
  const Limit* limit;
  bool in_seconds = false;
};

using Any = std::variant<Text, Words, Serializers, DebugCategories, Port, OptionalPort, FileMode, Flag, Level, Period,
                         LimitValue>;

}  // namespace kind

/// In the order of --help.
enum class SettingGroup : unsigned char { addresses, storage, discovery, upkeep, protocol, security, logging, limits };

struct Setting {
  std::string_view name;  ///< key in the file; the long option is "--" and this
  SettingGroup group;
  kind::Any kind;
  std::string_view placeholder;  ///< of its value in --help; empty: a flag
  std::string_view help;         ///< one line or two for --help, without default and variable
  char short_form = '\0';
  std::string_view variable = {};       ///< PYRO_…; empty: none
  std::string_view default_words = {};  ///< where the printed value of the default says too little
  bool in_reference = false;            ///< pyro4-ns or pyro5-ns has it: abbreviations of it keep their meaning
  bool changes_at_reload = false;       ///< otherwise a new value waits for a restart
  bool is_secret = false;               ///< never shown
  bool zero_unsets_variable = false;    ///< 0 in the variable is the reference's way to say "not set"
};

/// What has a long option and a line in the file's main part.
[[nodiscard]] std::span<const Setting> settings();

/// One for each limit, by its own name: the file's section [limits] and --limit.
[[nodiscard]] std::span<const Setting> limit_settings();

/// nullptr: there is none of that name in `table`, which is one of the two above.
[[nodiscard]] const Setting* find_setting(std::span<const Setting> table, std::string_view name);
[[nodiscard]] std::vector<std::string_view> names_of(std::span<const Setting> table);

/// What two settings have in common if they are two ways to set the same thing ("autoclean-grace", "autoclean-grace-ms").
[[nodiscard]] std::string_view subject_of(const Setting& setting);

[[nodiscard]] bool is_flag(const Setting& setting);
/// Several values add up; of others the last one counts.
[[nodiscard]] bool is_list(const Setting& setting);

}  // namespace hearth
