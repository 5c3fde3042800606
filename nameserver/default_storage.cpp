#include "nameserver/default_storage.h"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace hearth {
namespace {

/// Makes the directory and what is missing above it; 0700, as the XDG base directory specification asks.
Result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code status;
  if (std::filesystem::is_directory(directory, status)) return {};
  if (directory.has_parent_path()) {
    if (auto made = make_directory(directory.parent_path()); !made) return made;
  }
  if (!std::filesystem::create_directory(directory, status) && status) {
    return fail(ErrorKind::system, "cannot make the directory " + directory.string() + " for the registrations: " +
                                       status.message() + ": choose another place with -s sql:FILE");
  }
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, status);
  return {};
}

}  // namespace

Result<std::string> default_storage_path(const Environment& environment, std::uint16_t port) {
  const std::string file = port == default_port ? "hearthd.db" : "hearthd-" + std::to_string(port) + ".db";
  std::string_view state_directory = value_of(environment, "STATE_DIRECTORY");
  state_directory = state_directory.substr(0, state_directory.find(':'));  // systemd lists several, colon-separated
  if (!state_directory.empty()) return (std::filesystem::path(state_directory) / file).string();

  std::filesystem::path directory;
  if (const auto xdg = value_of(environment, "XDG_STATE_HOME");
      xdg.starts_with('/')) {  // relative ones are invalid by XDG
    directory = std::filesystem::path(xdg) / "hearth";
  } else if (const auto home = value_of(environment, "HOME"); !home.empty()) {
    directory = std::filesystem::path(home) / ".local" / "state" / "hearth";
  } else {
    return fail(ErrorKind::system,
                "no place for the registrations: HOME is not set; choose one with -s sql:FILE or -s memory");
  }
  if (auto made = make_directory(directory); !made) return forward_error(made);
  return (directory / file).string();
}

}  // namespace hearth
