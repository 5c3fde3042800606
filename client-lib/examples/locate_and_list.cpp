// locate_and_list [PREFIX]: finds a name server as Pyro programs do, and prints what is registered there.
//
// Where to look is taken from PYRO_NS_HOST, PYRO_NS_PORT and their kind.
#include <hearth/locate.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  const hearth::ClientSettings settings = hearth::or_throw(hearth::settings_from_environment()).settings;
  hearth::NameServerClient name_server = hearth::or_throw(hearth::locate({}, settings));
  std::printf("name server: %s\n", name_server.uri().text().c_str());

  const auto filter = argc > 1 ? hearth::NameFilter::prefix(argv[1]) : hearth::NameFilter::all();
  for (const hearth::NameEntry& entry : hearth::or_throw(name_server.list(filter))) {
    std::printf("%s --> %s\n", entry.name.c_str(), entry.uri.c_str());
    for (const std::string& tag : entry.metadata) std::printf("    %s\n", tag.c_str());
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "locate_and_list: %s\n", error.what());
  return 1;
}
