#include "nsc/commands.h"

#include <array>
#include <limits>

#include "nsc/command_functions.h"

namespace hearth::nsc {
namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

constexpr std::string_view needs_name = "requires one argument: name";
constexpr std::string_view needs_pattern = "requires one argument: pattern";
constexpr std::string_view needs_nothing = "takes no arguments";
constexpr std::string_view needs_tag = "requires at least one metadata tag argument";

constexpr std::array<Command, 19> all_commands{{
    {"ping", "", "check that the name server answers", 0, 0, needs_nothing, ping},
    {"list", "[PREFIX]", "list the registrations", 0, 1, "takes one argument at most: prefix", list},
    {"listmatching", "REGEX", "list those whose name matches, as Python's re.match does", 1, 1, needs_pattern,
     list_matching},
    {"lookup", "NAME", "print the URI and the metadata tags of a name", 1, 1, needs_name, lookup},
    {"register", "NAME URI [TAG...]", "register a name that is not taken yet", 2, any_number,
     "requires two arguments: name uri", register_name},
    {"remove", "NAME", "remove a registration", 1, 1, needs_name, remove},
    {"removematching", "REGEX", "remove all whose name matches; asks before", 1, 1, needs_pattern, remove_matching},
    {"setmeta", "NAME [TAG...]", "replace the metadata tags of a name; none clears them", 1, any_number,
     "requires at least one argument: name", set_metadata},
    {"yplookup_all", "TAG...", "list the registrations that have all of the tags", 1, any_number, needs_tag,
     yplookup_all},
    {"yplookup_any", "TAG...", "list the registrations that have any of the tags", 1, any_number, needs_tag,
     yplookup_any},
    {"listmeta_all", "TAG...", "Pyro4's name of yplookup_all", 1, any_number, needs_tag, yplookup_all},
    {"listmeta_any", "TAG...", "Pyro4's name of yplookup_any", 1, any_number, needs_tag, yplookup_any},
    {"locate", "", "list the name servers that answer from here", 0, 0, needs_nothing, find_servers},
    {"doctor", "", "find out why no name server is found, or what is wrong with it", 0, 0, needs_nothing, doctor},
    {"status", "", "print how a hearthd is doing", 0, 0, needs_nothing, status},
    {"backup", "FILE", "write a hearthd's database into a file, while it runs", 1, 1, "requires one argument: file",
     backup, takes_force},
    {"export", "[FILE]", "write all registrations as lines of JSON", 0, 1, "takes one argument at most: file",
     export_names, takes_force},
    {"import", "FILE", "register what such lines, or the file of a name server, hold", 1, 1,
     "requires one argument: file", import_names, takes_dry_run | takes_on_conflict},
    {"confirm-autoclean", "", "let hearthd remove the names of the many locations that fail at once; asks before", 0, 0,
     needs_nothing, confirm_autoclean},
}};

}  // namespace

std::span<const Command> commands() { return all_commands; }

const Command* find_command(std::string_view name) {
  for (const Command& command : all_commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace hearth::nsc
