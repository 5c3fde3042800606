// event_loop [PREFIX]: asks for many names at the same time on an event loop, with a coroutine and with callbacks.
//
// Where to look is taken from PYRO_NS_HOST, PYRO_NS_PORT and their kind. A program that has a loop of its own gives that uv_loop_t
// to the Client, and needs no EventLoop.
#include <hearth/exceptions.h>
#include <hearth/uv/client.h>
#include <hearth/uv/coroutine.h>
#include <hearth/uv/event_loop.h>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace {

/// What the program holds while its loop runs.
struct Search {
  hearth::uv::EventLoop& loop;
  hearth::uv::Client& client;
  std::string prefix;
  std::optional<hearth::uv::NameServer> name_server = std::nullopt;
  std::size_t awaited = 0;
  int exit_status = 0;

  void fail(const std::string& text) {
    std::fprintf(stderr, "event_loop: %s\n", text.c_str());
    exit_status = 1;
    loop.stop();
  }

  /// All lookups are under way at once, over one connection.
  void look_up_all(const hearth::NameListing& names) {
    awaited = names.size();
    if (names.empty()) return loop.stop();
    for (const hearth::NameEntry& entry : names) {
      name_server->lookup(entry.name).then([this](hearth::ClientResult<hearth::NameEntry> found) {
        if (!found) return fail(found.error().text);
        std::printf("%s --> %s\n", found->name.c_str(), found->uri.c_str());
        if (--awaited == 0) loop.stop();
      });
    }
  }

  hearth::uv::Coroutine run() {
    auto located = co_await client.locate();
    if (!located) co_return fail(located.error().text());
    name_server = std::move(*located);
    const auto names = co_await name_server->list(hearth::NameFilter::prefix(prefix));
    if (!names) co_return fail(names.error().text);
    look_up_all(*names);
  }
};

}  // namespace

int main(int argc, char** argv) try {
  hearth::uv::EventLoop loop;
  hearth::uv::Client client(loop.get(), hearth::or_throw(hearth::settings_from_environment()).settings);
  Search search{.loop = loop, .client = client, .prefix = argc > 1 ? argv[1] : ""};
  const hearth::uv::Coroutine running = search.run();
  loop.run();
  return search.exit_status;
} catch (const std::exception& error) {
  std::fprintf(stderr, "event_loop: %s\n", error.what());
  return 1;
}
