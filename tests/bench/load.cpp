// load: so many blocking clients ask one name server for a while; prints operations a second, and the median and the 99th
// percentile of what one took, in milliseconds.
//
//   load PORT WORKLOAD CONNECTIONS SECONDS [NAMES]
//
// WORKLOAD  lookup, register   of one name, each client has its own
//           find               lookups of any of NAMES stored names
//           prefix             lists of the 20 names with one prefix, any of those of NAMES stored names
//           list               lists of everything
//           connect            new connections
// Stored names are those of stored_names.py. The same client against every server, so that only the servers differ.
// PYRO_SSL and PYRO_SSL_CACERTS are followed; sessions are resumed then.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <hearth/locate.h>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr unsigned names_per_cell = 20;

/// false: it failed, or found something else than is stored.
using Operation = std::function<bool(hearth::NameServerClient&)>;

struct Workload {
  std::uint16_t port = 0;
  hearth::ClientSettings settings;
  std::string name;
  unsigned stored_names = 0;
};

auto connect(const Workload& workload) {
  return hearth::locate({.host = "localhost", .port = workload.port}, workload.settings);
}

std::string cell_of(unsigned number) { return fmt::format("sim.cell{:05}.", number / names_per_cell); }

std::string stored_name(unsigned number) {
  return fmt::format("{}worker{:02}", cell_of(number), number % names_per_cell);
}

/// nullopt: no such workload.
std::optional<Operation> make_operation(const Workload& workload, int client) {
  const std::string own = fmt::format("bench.{}", client);
  const auto register_own = [own](hearth::NameServerClient& server) {
    return server.register_name(own, "PYRO:object@localhost:5000", {"tag"}).has_value();
  };
  if (workload.name == "register") return register_own;
  if (workload.name == "lookup") {
    return [own, register_own, known = false](hearth::NameServerClient& server) mutable {
      known = known || register_own(server);
      return known && server.lookup(own).has_value();
    };
  }
  if (workload.name == "connect") {
    return [&workload](hearth::NameServerClient&) { return connect(workload).has_value(); };
  }
  if (workload.name == "list") return [](hearth::NameServerClient& server) { return server.list().has_value(); };
  if (workload.stored_names < names_per_cell) return std::nullopt;
  std::uniform_int_distribution<unsigned> any(0, workload.stored_names - 1);
  std::mt19937 random(static_cast<unsigned>(client));
  if (workload.name == "find") {
    return [any, random](hearth::NameServerClient& server) mutable {
      return server.lookup(stored_name(any(random))).has_value();
    };
  }
  if (workload.name == "prefix") {
    return [any, random](hearth::NameServerClient& server) mutable {
      const auto found = server.list_by_prefix(cell_of(any(random)));
      return found && found->size() == names_per_cell;
    };
  }
  return std::nullopt;
}

/// What each operation took; empty: it failed.
std::vector<Milliseconds> run_client(const Workload& workload, Operation operation, Clock::time_point end) {
  auto server = connect(workload);
  if (!server) {
    fmt::print(stderr, "load: {}\n", server.error().text());
    return {};
  }
  std::vector<Milliseconds> taken;
  for (auto begin = Clock::now(); begin < end || taken.empty();) {
    if (!operation(*server)) return {};
    const auto now = Clock::now();
    taken.emplace_back(now - begin);
    begin = now;
  }
  return taken;
}

double percentile(const std::vector<Milliseconds>& sorted, double part) {
  return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * part)].count();
}

int run(const Workload& workload, int connections, double seconds) {
  if (connections < 1 || !make_operation(workload, 0)) return 2;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<std::vector<Milliseconds>> results(static_cast<std::size_t>(connections));
  std::vector<std::thread> clients;
  for (int i = 0; i < connections; ++i) {
    clients.emplace_back(
        [&, i] { results[static_cast<std::size_t>(i)] = run_client(workload, *make_operation(workload, i), end); });
  }
  for (std::thread& client : clients) client.join();
  const std::chrono::duration<double> passed = Clock::now() - begin;
  std::vector<Milliseconds> taken;
  for (const auto& result : results) {
    if (result.empty()) return 1;
    taken.insert(taken.end(), result.begin(), result.end());
  }
  std::sort(taken.begin(), taken.end());
  fmt::print("{:.0f} {:.3f} {:.3f}\n", static_cast<double>(taken.size()) / passed.count(), percentile(taken, 0.5),
             percentile(taken, 0.99));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int status = 2;
  auto from_environment = hearth::settings_from_environment();
  if (!from_environment) {
    fmt::print(stderr, "load: {}\n", from_environment.error().text);
    return status;
  }
  from_environment->settings.first_dialect = hearth::Dialect::pyro4;  // the one that both servers speak
  if (argc == 5 || argc == 6) {
    const Workload workload{static_cast<std::uint16_t>(std::stoul(argv[1])), from_environment->settings, argv[2],
                            argc == 6 ? static_cast<unsigned>(std::stoul(argv[5])) : 0};
    status = run(workload, std::stoi(argv[3]), std::stod(argv[4]));
  }
  if (status == 2) {
    fmt::print(stderr,
               "usage: load PORT lookup|register|find|prefix|list|connect CONNECTIONS SECONDS [NAMES, 20 or more]\n");
  }
  return status;
}
