#include "nameserver/upkeep/private_mounts.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace hearth {
namespace {

/// Blanks are written as \040 and so on (proc(5)).
std::string unescaped(const std::string& field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 3 >= field.size()) {
      text += field[i];
      continue;
    }
    text += static_cast<char>(std::stoi(field.substr(i + 1, 3), nullptr, 8));
    i += 3;
  }
  return text;
}

bool is_below(std::string_view path, std::string_view mount_point) {
  if (mount_point == "/") return true;
  return path.starts_with(mount_point) && (path.size() == mount_point.size() || path[mount_point.size()] == '/');
}

/// What systemd bind-mounts: PrivateTmp=, and ProtectHome= or InaccessiblePaths=.
bool is_private_root(std::string_view root) {
  return root.find("systemd-private-") != std::string_view::npos ||
         root.find("/systemd/inaccessible/") != std::string_view::npos;
}

}  // namespace

bool is_below_private_mount(std::string_view path, std::string_view mountinfo) {
  std::istringstream lines{std::string(mountinfo)};
  std::size_t nearest_bytes = 0;
  bool is_private = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, root, mount_point;
    if (!(fields >> id >> parent >> device >> root >> mount_point)) continue;
    mount_point = unescaped(mount_point);
    if (!is_below(path, mount_point) || mount_point.size() < nearest_bytes) continue;
    nearest_bytes = mount_point.size();  // of two at one place the later lies on top
    is_private = is_private_root(root);
  }
  return is_private;
}

bool is_below_private_mount(std::string_view path) {
  std::ifstream file("/proc/self/mountinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return is_below_private_mount(path, text);
}

}  // namespace hearth
