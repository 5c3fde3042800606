#include "nameserver/server.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/access_setting.h"
#include "nameserver/audited_evictions.h"
#include "nameserver/backups.h"
#include "nameserver/certificates.h"
#include "nameserver/commit/committer.h"
#include "nameserver/default_storage.h"
#include "nameserver/descriptors.h"
#include "nameserver/gatekeeper.h"
#include "nameserver/listeners.h"
#include "nameserver/locations.h"
#include "nameserver/logging.h"
#include "nameserver/neighbourhood.h"
#include "nameserver/options/version.h"
#include "nameserver/own_registration.h"
#include "nameserver/registry/admin_object.h"
#include "nameserver/registry/index_load.h"
#include "nameserver/registry/name_server_object.h"
#include "nameserver/service.h"
#include "nameserver/storage_status.h"
#include "nameserver/store/engine.h"
#include "nameserver/upkeep/autoclean_service.h"
#include "protocol/base/log.h"
#include "protocol/base/throttle.h"
#include "protocol/host/object_host.h"
#include "protocol/host/wire_log.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/timer.h"
#include "protocol/loop/tls_acceptor.h"
#include "protocol/rpc/connect_refusal.h"

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

/// Warnings about useless URIs: each names another client, and a lab that starts has a handful of them.
constexpr std::uint32_t useless_uri_lines_per_period = 20;

}  // namespace

class Server::Impl final : private Administration {
 public:
  Impl(const Options& options, const Environment& environment, const InheritedSockets& inherited,
       std::unique_ptr<ServiceManager> manager, Reload reload)
      : options_(options),
        environment_(environment),
        inherited_(inherited),
        reload_settings_(std::move(reload)),
        settings_(session_settings()),
        service_(loop_, std::move(manager), [this] { return service_status(); }) {}

  Result<void> start() {
    if (auto guarded = set_up_access(); !guarded) return guarded;
    if (auto bound = bind(); !bound) return bound;
    if (auto loaded = open_storage(); !loaded) return loaded;
    if (auto registered = register_itself(locations_, index_, *committer_, loop_); !registered) return registered;
    return accept();
  }

  void run() {
    log(LogLevel::info, LogCategory::net, fmt::format("listening on {}", fmt::join(locations_.bound, ", ")));
    if (!storage_line_.empty()) print(storage_line_);
    print(start_up_lines(locations_, index_.size(), serves_anyone()));
    service_.ready();
    loop_.run();
    committer_.reset();  // first: what it may still hold answers to the host
    backups_.reset();
    host_.reset();
    print("NS shut down.\n");
  }

 private:
  SessionSettings session_settings() {
    SessionSettings settings;
    settings.limits = fitting_limits();
    settings.accepted_serializers = options_.accepted_serializers;
    settings.compress_replies = options_.compress_replies;
    settings.hmac_key = options_.hmac_key;
    settings.observer = wire_observer();
    return settings;
  }

  /// As far as can be told without knowing them.
  [[nodiscard]] bool serves_anyone() const {
    const bool wants_certificate = options_.ssl && options_.ssl_requires_client_certificate && !options_.plain_port;
    return options_.hmac_key.empty() && !wants_certificate && !gatekeeper_.has_rules();
  }

  Result<void> set_up_access() {
    auto rules = read_access_rules(options_);
    if (!rules) return forward_error(rules);
    log_access_rules(rules->get(), options_);
    gatekeeper_.set_rules(std::move(*rules));
    auto audit_log = open_audit_log(options_, environment_);
    if (!audit_log) return forward_error(audit_log);
    gatekeeper_.set_audit_log(std::move(*audit_log));
    return {};
  }

  Result<void> bind() {
    auto certificates = read_certificates(options_);
    if (!certificates) return forward_error(certificates);
    if (*certificates) {
      log_certificates(**certificates);
      tls_.emplace(loop_, settings_.limits, std::move(*certificates), [this](BytesView first_bytes) {
        return connect_refusal(first_bytes, std::string(wants_tls_reason), settings_.hmac_key);
      });
    }
    auto opened = open_listeners(loop_, options_, inherited_, tls_ ? &*tls_ : nullptr);
    if (!opened) return forward_error(opened);
    listeners_ = std::move(opened->listeners);
    locations_ = std::move(opened->locations);
    return join_neighbourhood();
  }

  Result<void> join_neighbourhood() {
    const auto inherited = inherited_.datagrams.empty() ? std::nullopt : std::optional(inherited_.datagrams.front());
    auto joined = Neighbourhood::join(loop_, options_, locations_, inherited);
    if (!joined) return forward_error(joined);
    neighbourhood_ = std::move(*joined);
    locations_.broadcast = neighbourhood_->broadcast_location();
    return {};
  }

  Result<void> open_storage() {
    std::string storage = options_.storage;
    if (storage.empty()) {
      auto path = default_storage_path(environment_, locations_.tcp ? locations_.tcp_port : default_port);
      if (!path) return forward_error(path);
      storage = "sql:" + *path;
      storage_line_ = "Storing registrations in " + *path + "\n";
    }
    auto engine = open_engine(storage);
    if (!engine) return forward_error(engine);
    storage_ = (*engine)->description();
    IndexLoad load(index_);
    auto loaded = (*engine)->load_all([&load](const RegistrationView& entry) { load.take(entry); });
    if (!loaded) return loaded;
    load.finish();
    auto owned = (*engine)->load_owners([this](auto name, auto owner) { index_.set_owner(name, owner); });
    if (!owned) return owned;
    malloc_trim(0);  // what the loading alone needed: 20 bytes a name
    committer_.emplace(loop_, std::move(*engine), settings_.limits,
                       [this](Mutation change) { index_.apply(std::move(change)); });
    backups_.emplace(loop_, *committer_, settings_.limits);
    return {};
  }

  Result<void> accept() {
    MutationSink* changes = &*committer_;
    if (options_.autoclean_period_ms != 0) {
      evictions_.emplace(*committer_, gatekeeper_, index_);
      autoclean_.emplace(loop_, index_, *evictions_, options_.autoclean_period_ms, settings_.limits);
      changes = &autoclean_->sink();
    }
    object_.emplace(index_, *changes, settings_.limits, gatekeeper_, [this](std::string text) {
      registrations_throttle_.write(loop_.now_ms(), LogLevel::warning, LogCategory::server, std::move(text));
    });
    objects_.add(name_server_name, *object_);
    objects_.add(std::string(admin_object_id), admin_, ObjectTable::Visibility::unlisted);
    objects_.set_location(locations_.internal(), locations_.nat.value_or("None"));
    host_.emplace(loop_, settings_, objects_);
    for (auto& listener : std::exchange(listeners_, {})) {
      if (auto served = host_->serve(std::move(listener)); !served) return served;
    }
    neighbourhood_->start();
    for (const int signal_number : {SIGINT, SIGTERM}) {
      auto& watch = signal_number == SIGINT ? interrupt_ : terminate_;
      watch.emplace(loop_, signal_number, [this] { stop(); });
    }
    hang_up_.emplace(loop_, SIGHUP, [this] { reload(); });
    return {};
  }

  [[nodiscard]] Limits fitting_limits() const {
    Limits limits = options_.limits;
    fit_to_descriptors(limits);
    return limits;
  }

  MessageObserver* wire_observer() { return log_enabled(LogLevel::debug, LogCategory::wire) ? &wire_log_ : nullptr; }

  [[nodiscard]] std::string service_status() const {
    return status_text({index_.size(), host_->connections(), committer_->statistics().refusal, reload_failure_});
  }

  void reload() {
    if (stopping_) return;
    service_.reloading();
    const auto applied = apply_settings_anew();
    reload_failure_.reset();
    if (!applied) {
      reload_failure_ = applied.error().text;
      log(LogLevel::error, LogCategory::server,
          fmt::format("settings not reloaded, the old ones stay: {}", *reload_failure_));
    }
    service_.ready();
  }

  /// All of them or none. The certificates, the access rules and the logs come first: they are what can fail.
  Result<void> apply_settings_anew() {
    auto reloaded = reload_settings_(options_);
    if (!reloaded) return forward_error(reloaded);
    auto certificates = reread_certificates(reloaded->options);
    if (!certificates) return forward_error(certificates);
    auto rules = read_access_rules(reloaded->options);
    if (!rules) return forward_error(rules);
    auto audit_log = open_audit_log(reloaded->options, environment_);
    if (!audit_log) return forward_error(audit_log);
    if (auto opened = open_log_as(reloaded->options, environment_); !opened) return opened;
    options_ = std::move(reloaded->options);
    settings_.observer = wire_observer();
    settings_.limits = fitting_limits();
    committer_->set_limits(settings_.limits);
    host_->limits_changed();
    log_access_rules(rules->get(), options_);
    gatekeeper_.set_rules(std::move(*rules));
    gatekeeper_.set_audit_log(std::move(*audit_log));
    if (tls_) {
      log_certificates(**certificates);
      tls_->set_context(std::move(*certificates));
    }
    for (const std::string& warning : options_.warnings) log(LogLevel::warning, LogCategory::server, warning);
    for (const std::string& setting : reloaded->need_restart) {
      log(LogLevel::warning, LogCategory::server,
          fmt::format("{} has changed, but keeps its old value until hearthd is restarted", setting));
    }
    log(LogLevel::info, LogCategory::server,
        reloaded->changed.empty() ? "settings reloaded: nothing to change"
                                  : fmt::format("settings reloaded: {}", fmt::join(reloaded->changed, ", ")));
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
    describe_storage(committer_->statistics(), status);
    status.broadcast = locations_.broadcast;
    status.rivals = neighbourhood_->rivals();
    if (autoclean_) status.autoclean = autoclean_->status();
    return status;
  }

  std::uint64_t confirm_autoclean() override { return autoclean_ ? autoclean_->confirm() : 0; }
  BackupMaker& backups() override { return *backups_; }

  void stop() {
    if (stopping_) return;
    stopping_ = true;
    service_.stopping();
    neighbourhood_->stop();
    if (autoclean_) autoclean_->stop();
    host_->stop_accepting();
    committer_->drain([this] { host_->close([this] { loop_.stop(); }); });
  }

  Options options_;
  const Environment environment_;
  const InheritedSockets inherited_;
  const Reload reload_settings_;
  WireLog wire_log_;
  SessionSettings settings_;
  Loop loop_;
  std::optional<TlsAcceptor> tls_;  // before the host, whose streams it makes
  Locations locations_;
  std::string storage_line_;
  std::vector<std::unique_ptr<Listener>> listeners_;  // until the host has them
  std::optional<Neighbourhood> neighbourhood_;
  std::string storage_;
  const std::string instance_ = random_id();
  const std::uint64_t started_at_ms_ = loop_.now_ms();
  Index index_;
  Gatekeeper gatekeeper_{settings_.limits, [this] { return loop_.now_ms(); }};
  AdminObject admin_{*this, gatekeeper_};
  ObjectTable objects_;
  // Destroyed from the last to the first. The committer goes before the host, autoclean and the backups, because the answers
  // that it may still hold go there; it needs no object any more.
  std::optional<AuditedEvictions> evictions_;
  std::optional<AutocleanService> autoclean_;
  std::optional<ObjectHost> host_;
  std::optional<Backups> backups_;
  std::optional<Committer> committer_;
  std::optional<NameServerObject> object_;
  LogThrottle registrations_throttle_{LogThrottle::default_period_ms, useless_uri_lines_per_period};
  std::optional<SignalWatch> interrupt_;
  std::optional<SignalWatch> terminate_;
  std::optional<SignalWatch> hang_up_;
  ServiceReporter service_;
  std::optional<std::string> reload_failure_;
  bool stopping_ = false;
};

Server::Server(const Options& options, const Environment& environment, const InheritedSockets& inherited,
               std::unique_ptr<ServiceManager> manager, Reload reload)
    : impl_(std::make_unique<Impl>(options, environment, inherited, std::move(manager), std::move(reload))) {}
Server::~Server() = default;

Result<void> Server::start() { return impl_->start(); }
void Server::run() { impl_->run(); }

}  // namespace hearth
