// stock_prices [SYMBOL…]: Pyro's stock market tutorial. Finds all markets by their tag, and prints their quotes of six rounds of
// trade; only those of the symbols, if any are given. The quotes are an item stream: the markets are Python objects whose
// method `ticker` is a generator, and trade no faster than they are read.
#include <hearth/locate.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int rounds = 6;

void read_quotes(const std::string& name, hearth::Proxy& market, const std::vector<std::string>& wanted) {
  for (const auto& [symbol, price] : market.stream<std::pair<std::string, double>>("ticker", rounds)) {
    const bool is_wanted = wanted.empty() || std::find(wanted.begin(), wanted.end(), symbol) != wanted.end();
    if (is_wanted) std::printf("%s %s: %.2f\n", name.c_str(), symbol.c_str(), price);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  const hearth::ClientSettings settings = hearth::or_throw(hearth::settings_from_environment()).settings;
  hearth::NameServerClient name_server = hearth::or_throw(hearth::locate({}, settings));
  for (const hearth::NameEntry& entry : hearth::or_throw(name_server.yplookup_all({"market"}))) {
    hearth::Proxy market = hearth::or_throw(name_server.proxy(entry.name));
    read_quotes(entry.name, market, wanted);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "stock_prices: %s\n", error.what());
  return 1;
}
