// client: what the client library does a second, takes to find a name server, and keeps for a thousand proxies; measured by
// client.py, beside Pyro4's own client.
//
//   client lookup PORT SECONDS THREADS    lookups a second, on a connection of each thread, and the processor's
//                                         microseconds for one
//   client pipelined PORT SECONDS THREADS  the same on a loop of each thread, with 100 lookups under way on one connection
//   client call URI SECONDS THREADS       the same for calls of add(1, 2)
//   client batch URI SECONDS THREADS      the same in batches of 100
//   client floor SECONDS                  round trips of that many bytes between two threads that do nothing else: what the
//                                         machine allows a single connection
//   client locate PORT COUNT              milliseconds of one locate() and ping(), the median
//   client proxies URI COUNT              bytes of memory a connected proxy
//   client list|visit PORT                MiB of memory of this program, at the most, for list() or for_each() of everything
#include <hearth/locate.h>
#include <hearth/uv/client.h>
#include <hearth/uv/event_loop.h>

#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace hearth;

ClientSettings settings() {
  ClientSettings settings;
  settings.first_dialect = Dialect::pyro4;  // the one that the Python client speaks
  return settings;
}

NameServerClient name_server_at(const std::string& port) {
  return or_throw(locate({.host = "localhost:" + port}, settings()));
}

using Once = std::function<void()>;

Once lookups(const std::string& port) {
  auto name_server = std::make_shared<NameServerClient>(name_server_at(port));
  or_throw(name_server->register_name("bench", "PYRO:object@localhost:5000", {"tag"}));
  return [name_server] { static_cast<void>(or_throw(name_server->lookup("bench"))); };
}

constexpr int under_way = 100;

/// A name server on a loop of its own.
struct Pipeline {
  explicit Pipeline(const std::string& port) {
    client.locate({.host = "localhost:" + port}).then([this](tl::expected<uv::NameServer, LocateFailure> found) {
      if (found) name_server.emplace(std::move(*found));
      loop.stop();
    });
    loop.run();
    if (!name_server) throw std::runtime_error("no name server");
  }
  void look_up() {
    int awaited = under_way;
    for (int i = 0; i < under_way; ++i) {
      name_server->lookup("bench").then([this, &awaited](const ClientResult<NameEntry>& found) {
        if (!found || --awaited == 0) loop.stop();
      });
    }
    loop.run();
    if (awaited > 0) throw std::runtime_error("a lookup failed");
  }

  uv::EventLoop loop;
  uv::Client client{loop.get(), settings()};
  std::optional<uv::NameServer> name_server;
};

Once pipelined(const std::string& port) {
  lookups(port)();  // which registers the name
  auto pipeline = std::make_shared<Pipeline>(port);
  return [pipeline] { pipeline->look_up(); };
}

Once calls(const std::string& uri) {
  auto proxy = std::make_shared<Proxy>(or_throw(Proxy::connect(uri, settings())));
  return [proxy] { static_cast<void>(proxy->call<int>("add", 1, 2)); };
}

Once batches(const std::string& uri) {
  auto proxy = std::make_shared<Proxy>(or_throw(Proxy::connect(uri, settings())));
  Batch batch;
  for (int i = 0; i < 100; ++i) batch.call("add", i, 2);
  return [proxy, batch] { static_cast<void>(or_throw(proxy->invoke_batch(batch))); };
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// How often all threads together do it, times `size`.
void print_rate(const std::function<Once(const std::string&)>& prepare, double size, char** arguments) {
  const std::string where = arguments[0];
  const auto seconds = std::chrono::duration<double>(std::atof(arguments[1]));
  std::atomic<std::uint64_t> count = 0;
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  const double cpu_before = cpu_seconds();
  for (int i = 0; i < std::atoi(arguments[2]); ++i) {
    threads.emplace_back([&] {
      const Once once = prepare(where);
      for (; Clock::now() - start < seconds; ++count) once();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> taken = Clock::now() - start;
  const double done = static_cast<double>(count) * size;
  std::printf("%.0f %.2f\n", done / taken.count(), (cpu_seconds() - cpu_before) / done * 1e6);
}

/// Two connected sockets of TCP over loopback; whatever fails ends the program.
std::array<int, 2> socket_pair() {
  const auto good = [](int result) {
    if (result < 0) throw std::runtime_error("no pair of sockets");
    return result;
  };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* place = reinterpret_cast<sockaddr*>(&address);
  socklen_t bytes = sizeof address;
  const int listener = good(::socket(AF_INET, SOCK_STREAM, 0));
  good(::bind(listener, place, bytes));
  good(::listen(listener, 1));
  good(::getsockname(listener, place, &bytes));
  const int caller = good(::socket(AF_INET, SOCK_STREAM, 0));
  good(::connect(caller, place, bytes));
  const int answerer = good(::accept(listener, nullptr, nullptr));
  ::close(listener);
  const int on = 1;
  for (const int end : {caller, answerer}) good(::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  return {caller, answerer};
}

/// As much as a lookup and its answer have. A message of this size always arrives whole.
constexpr std::size_t question_bytes = 121;
constexpr std::size_t answer_bytes = 138;

double round_trips(double seconds) {
  const auto [caller, answerer] = socket_pair();
  std::thread server([end = answerer] {
    std::array<char, question_bytes> question{};
    while (::recv(end, question.data(), question.size(), MSG_WAITALL) > 0) {
      const std::array<char, answer_bytes> answer{};
      if (::send(end, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
    }
  });
  std::uint64_t count = 0;
  const auto start = Clock::now();
  const std::chrono::duration<double> wanted(seconds);
  for (; Clock::now() - start < wanted; ++count) {
    const std::array<char, question_bytes> question{};
    std::array<char, answer_bytes> answer{};
    if (::send(caller, question.data(), question.size(), MSG_NOSIGNAL) < 0) break;
    if (::recv(caller, answer.data(), answer.size(), MSG_WAITALL) <= 0) break;
  }
  const std::chrono::duration<double> taken = Clock::now() - start;
  ::shutdown(caller, SHUT_RDWR);
  server.join();
  for (const int end : {caller, answerer}) ::close(end);
  return static_cast<double>(count) / taken.count();
}

double locate_ms(const std::string& port, int count) {
  ClientSettings search = settings();
  search.name_server_port = static_cast<std::uint16_t>(std::atoi(port.c_str()));
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    or_throw(or_throw(locate({}, search)).ping());
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

double bytes_a_proxy(const std::string& uri, int count) {
  std::vector<Proxy> proxies;
  proxies.reserve(static_cast<std::size_t>(count) + 1);
  proxies.push_back(or_throw(Proxy::connect(uri, settings())));
  const std::size_t before = mallinfo2().uordblks;
  for (int i = 0; i < count; ++i) {
    proxies.push_back(or_throw(Proxy::connect(uri, settings())));
    proxies.back().call("ping");
  }
  return static_cast<double>(mallinfo2().uordblks - before) / static_cast<double>(count);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double list_mib(const std::string& port) {
  static_cast<void>(or_throw(name_server_at(port).list()));
  return peak_mib();
}

double visit_mib(const std::string& port) {
  static_cast<void>(or_throw(name_server_at(port).for_each(NameFilter::all(), [](const NameEntry&) {})));
  return peak_mib();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  if (what == "lookup" && argc == 5) {
    print_rate(lookups, 1, argv + 2);
  } else if (what == "pipelined" && argc == 5) {
    print_rate(pipelined, under_way, argv + 2);
  } else if (what == "call" && argc == 5) {
    print_rate(calls, 1, argv + 2);
  } else if (what == "batch" && argc == 5) {
    print_rate(batches, 100, argv + 2);
  } else if (what == "floor" && argc == 3) {
    std::printf("%.0f\n", round_trips(std::atof(argv[2])));
  } else if (what == "locate" && argc == 4) {
    std::printf("%.3f\n", locate_ms(argv[2], std::atoi(argv[3])));
  } else if (what == "proxies" && argc == 4) {
    std::printf("%.0f\n", bytes_a_proxy(argv[2], std::atoi(argv[3])));
  } else if ((what == "list" || what == "visit") && argc == 3) {
    std::printf("%.0f\n", what == "list" ? list_mib(argv[2]) : visit_mib(argv[2]));
  } else {
    std::fprintf(stderr, "usage: see the source\n");
    return 2;
  }
  return 0;
}
