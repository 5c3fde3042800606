#include "client-lib/uv/resolving.h"

#include <utility>

#include "client-lib/src/name_server_calls.h"
#include "client-lib/src/resolve_rules.h"
#include "client-lib/uv/asking.h"

namespace hearth::uv {

Resolving::Resolving(std::shared_ptr<Engine> engine, Uri uri, SharedSettings settings, Told told)
    : engine_(std::move(engine)),
      uri_(std::move(uri)),
      settings_(std::move(settings)),
      told_(std::move(told)),
      start_(engine_->loop(), [this] { begin(); }) {
  start_.start_once(0);
}

void Resolving::begin() {
  if (uri_.protocol == "PYRO") return finish(uri_);
  if (uri_.protocol == direct_protocol) return ask_daemon();
  locating_ = std::make_unique<Locating>(engine_, name_server_of(uri_), settings_, [this](Locating::Located located) {
    locating_.reset();
    if (!located) return finish(tl::unexpected<ClientError>(located.error().as_error()));
    name_server_.emplace(std::move(*located));
    uri_.protocol == "PYROMETA" ? ask_for_tags() : ask_for_name();
  });
}

void Resolving::ask_daemon() {
  daemon_ = ProxyAccess::make(engine_, daemon_of(uri_), settings_);
  daemon_->invoke("get_metadata", {uri_.object}).then([this](ClientResult<Value> told) {
    finish(place_if_told(uri_, std::move(told)));
  });
}

void Resolving::ask_for_name() {
  const std::uint32_t wait_ms = settings_->name_wait_ms;
  auto request = wait_ms == 0 ? name_server_->lookup(uri_.object) : name_server_->wait_for_name(uri_.object, wait_ms);
  std::move(request).then([this](ClientResult<NameEntry> entry) {
    if (!entry) return finish(forward_error(entry));
    finish(place_in(*entry));
  });
}

void Resolving::ask_for_tags() {
  const std::uint32_t wait_ms = settings_->name_wait_ms;
  const TagSet tags = tags_of(uri_);
  auto request =
      wait_ms == 0 ? name_server_->list(NameFilter::all_tags(tags)) : name_server_->wait_for_tags(tags, wait_ms);
  std::move(request).then([this](ClientResult<NameListing> found) {
    if (!found) return finish(forward_error(found));
    finish(any_place_in(*found, uri_));
  });
}

/// The last thing done.
void Resolving::finish(ClientResult<Uri> place) {
  const Told told = std::move(told_);
  told(std::move(place));
}

}  // namespace hearth::uv
