// warehouse_visitor PERSON…: Pyro's warehouse tutorial. Each person visits the Python object `example.warehouse`, stores
// something and takes something; what, is typed. An empty line is nothing.
#include <hearth/proxy.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

void visit(const std::string& person, hearth::Proxy& warehouse) {
  std::cout << "This is " << person << ".\n";
  for (const std::string deed : {"store", "take"}) {
    const auto contents = warehouse.call<std::vector<std::string>>("contents");
    std::cout << "On the shelf: " << joined(contents) << ". What does " << person << " " << deed << "?" << std::endl;
    std::string item;
    std::getline(std::cin, item);
    if (!item.empty()) warehouse.call(deed, person, item);
  }
  std::cout << "Goodbye, " << person << "." << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  const hearth::ClientSettings settings = hearth::or_throw(hearth::settings_from_environment()).settings;
  hearth::Proxy warehouse = hearth::or_throw(hearth::Proxy::connect("PYRONAME:example.warehouse", settings));
  for (const std::string& person : std::vector<std::string>(argv + 1, argv + argc)) visit(person, warehouse);
  return 0;
} catch (const hearth::RemoteError& error) {
  std::cerr << "the warehouse raised " << error.what() << "\n";
  for (const std::string& line : error.traceback()) std::cerr << line;
  return 1;
} catch (const std::exception& error) {
  std::cerr << "warehouse_visitor: " << error.what() << "\n";
  return 1;
}
