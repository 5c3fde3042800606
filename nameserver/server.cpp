#include "nameserver/server.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <optional>
#include <random>
#include <string>

#include "nameserver/commit/committer.h"
#include "nameserver/default_storage.h"
#include "nameserver/locations.h"
#include "nameserver/registry/admin_object.h"
#include "nameserver/registry/index.h"
#include "nameserver/registry/name_server_object.h"
#include "nameserver/store/engine.h"
#include "nameserver/options/version.h"
#include "protocol/host/object_host.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/stream.h"
#include "protocol/loop/timer.h"

namespace hearth {
namespace {

void print(const std::string& lines) {
  std::fputs(lines.c_str(), stdout);
  std::fflush(stdout);  // whoever started us waits for the line in a pipe
}

/// Tells one start of the server from another, for clients that must notice it.
std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// Lets the start wait for its own registration.
class StartWaiter final : public CommitWaiter {
 public:
  StartWaiter(Index& index, Loop& loop, Result<void>& status) : index_(index), loop_(loop), status_(status) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    if (outcome) {
      index_.apply(std::move(mutation));
    } else {
      status_ = forward_error(outcome);
    }
    loop_.stop();
  }

 private:
  Index& index_;
  Loop& loop_;
  Result<void>& status_;
};

}  // namespace

class Server::Impl final : private Administration {
 public:
  Impl(const Options& options, const Environment& environment)
      : options_(options), environment_(environment), settings_(settings_of(options)) {}

  Result<void> start() {
    if (auto bound = bind(); !bound) return bound;
    if (auto loaded = open_storage(); !loaded) return loaded;
    if (auto registered = register_itself(); !registered) return registered;
    return accept();
  }

  void run() {
    if (!storage_line_.empty()) print(storage_line_);
    print(start_up_lines(locations_, index_.size(), !options_.hmac_key.empty()));
    loop_.run();
    committer_.reset();  // first: what it may still hold answers to the host
    host_.reset();
    print("NS shut down.\n");
  }

 private:
  static SessionSettings settings_of(const Options& options) {
    SessionSettings settings;
    settings.limits = options.limits;
    settings.accepted_serializers = options.accepted_serializers;
    settings.compress_replies = options.compress_replies;
    settings.hmac_key = options.hmac_key;
    return settings;
  }

  Result<void> bind() {
    if (options_.serves_tcp) {
      auto listener = listen_tcp(loop_, options_.hosts.front(), options_.port);
      if (!listener) return forward_error(listener);
      tcp_ = std::move(*listener);
      locations_.tcp = location_of(options_.hosts.front(), tcp_->bound_port());
      locations_.tcp_address = tcp_->bound_host();
    }
    if (!options_.unix_socket.empty()) {
      auto listener = listen_unix(loop_, options_.unix_socket);
      if (!listener) return forward_error(listener);
      unix_ = std::move(*listener);
      locations_.unix_socket = "./u:" + options_.unix_socket;
    }
    if (!options_.nat_host.empty()) {
      const std::uint16_t port = *options_.nat_port != 0 ? *options_.nat_port : tcp_->bound_port();
      locations_.nat = location_of(options_.nat_host, port);
    }
    return {};
  }

  Result<void> open_storage() {
    std::string storage = options_.storage;
    if (storage.empty()) {
      auto path = default_storage_path(environment_, tcp_ ? tcp_->bound_port() : default_port);
      if (!path) return forward_error(path);
      storage = "sql:" + *path;
      storage_line_ = "Storing registrations in " + *path + "\n";
    }
    auto engine = open_engine(storage);
    if (!engine) return forward_error(engine);
    storage_ = (*engine)->description();
    auto loaded = (*engine)->load_all(
        [this](const RegistrationView& entry) { index_.put(entry.name, entry.uri, entry.tags); });
    if (!loaded) return loaded;
    committer_.emplace(loop_, std::move(*engine), settings_.limits);
    return {};
  }

  /// As the reference does, with the class tag of both dialects: each client is shown its own.
  Result<void> register_itself() {
    Registration own{name_server_name, "PYRO:" + std::string(name_server_name) + "@" + locations_.external(), {}};
    for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5})
      own.tags.emplace_back(name_server_class_tag(dialect));
    sort_tags(own.tags);
    Result<void> status;
    committer_->submit({Put{std::move(own)}, no_chain}, std::make_unique<StartWaiter>(index_, loop_, status));
    loop_.run();
    return status;
  }

  Result<void> accept() {
    object_.emplace(index_, *committer_, settings_.limits);
    objects_.add(name_server_name, *object_);
    objects_.add(std::string(admin_object_id), admin_, ObjectTable::Visibility::unlisted);
    objects_.set_location(locations_.internal(), locations_.nat.value_or("None"));
    host_.emplace(loop_, settings_, objects_);
    for (auto* listener : {&tcp_, &unix_}) {
      if (*listener == nullptr) continue;
      if (auto served = host_->serve(std::move(*listener)); !served) return served;
    }
    for (const int signal_number : {SIGINT, SIGTERM}) {
      auto& watch = signal_number == SIGINT ? interrupt_ : terminate_;
      watch.emplace(loop_, signal_number, [this] { stop(); });
    }
    return {};
  }

  [[nodiscard]] ServerStatus status() const override {
    ServerStatus status;
    status.version = version_text;
    status.instance = instance_;
    status.uptime_ms = loop_.now_ms() - started_at_ms_;
    status.registrations = index_.size();
    status.connections = host_->connections();
    status.storage = storage_;
    return status;
  }

  std::uint64_t confirm_autoclean() override { return 0; }

  void stop() {
    if (stopping_) return;
    stopping_ = true;
    host_->stop_accepting();
    committer_->drain([this] { host_->close([this] { loop_.stop(); }); });
  }

  const Options options_;
  const Environment environment_;
  const SessionSettings settings_;
  Loop loop_;
  Locations locations_;
  std::string storage_line_;
  std::unique_ptr<Listener> tcp_;
  std::unique_ptr<Listener> unix_;
  std::string storage_;
  const std::string instance_ = random_id();
  const std::uint64_t started_at_ms_ = loop_.now_ms();
  Index index_;
  AdminObject admin_{*this};
  ObjectTable objects_;
  // Destroyed from the last to the first. The committer goes before the host, because the answers that it may still hold go
  // there; it needs no object any more.
  std::optional<ObjectHost> host_;
  std::optional<Committer> committer_;
  std::optional<NameServerObject> object_;
  std::optional<SignalWatch> interrupt_;
  std::optional<SignalWatch> terminate_;
  bool stopping_ = false;
};

Server::Server(const Options& options, const Environment& environment)
    : impl_(std::make_unique<Impl>(options, environment)) {}
Server::~Server() = default;

Result<void> Server::start() { return impl_->start(); }
void Server::run() { impl_->run(); }

}  // namespace hearth
