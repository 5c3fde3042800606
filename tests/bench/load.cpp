// load: so many blocking clients ask one name server the same thing for a while; prints operations a second.
//
//   load PORT lookup|register|connect CONNECTIONS SECONDS
//
// The same client against every server, so that only the servers differ (compare.py runs it). `connect` makes a new connection
// each time. PYRO_SSL and PYRO_SSL_CACERTS are followed; sessions are resumed then.
#include <hearth/locate.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Load {
  std::uint16_t port;
  std::string workload;
  hearth::ClientSettings settings;
  Clock::time_point end;
  std::atomic<std::uint64_t> operations = 0;
  std::atomic<bool> failed = false;
};

bool connects(const Load& load) {
  return hearth::locate({.host = "localhost", .port = load.port}, load.settings).has_value();
}

void run_client(Load& load, int number) {
  auto name_server = hearth::locate({.host = "localhost", .port = load.port}, load.settings);
  if (!name_server) {
    std::fprintf(stderr, "load: %s\n", name_server.error().text().c_str());
    load.failed = true;
    return;
  }
  const std::string name = "bench." + std::to_string(number);
  bool done = name_server->register_name(name, "PYRO:object@localhost:5000", {"tag"}).has_value();
  std::uint64_t operations = 0;
  for (; done && Clock::now() < load.end; ++operations) {
    done = load.workload == "connect" ? connects(load)
           : load.workload == "register"
               ? name_server->register_name(name, "PYRO:object@localhost:5000", {"tag"}).has_value()
               : name_server->lookup(name).has_value();
  }
  if (!done) load.failed = true;
  load.operations += operations;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: load PORT lookup|register|connect CONNECTIONS SECONDS\n");
    return 2;
  }
  auto from_environment = hearth::settings_from_environment(std::getenv);
  if (!from_environment) {
    std::fprintf(stderr, "load: %s\n", from_environment.error().text.c_str());
    return 2;
  }
  from_environment->settings.first_dialect = hearth::Dialect::pyro4;  // the one that both servers speak
  const double seconds = std::atof(argv[4]);
  const auto start = Clock::now();
  Load load{static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], from_environment->settings,
            start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))};
  std::vector<std::thread> clients;
  for (int i = 0; i < std::atoi(argv[3]); ++i) clients.emplace_back([&load, i] { run_client(load, i); });
  for (std::thread& client : clients) client.join();
  if (load.failed) return 1;
  const std::chrono::duration<double> taken = Clock::now() - start;
  std::printf("%.0f\n", static_cast<double>(load.operations) / taken.count());
  return 0;
}
