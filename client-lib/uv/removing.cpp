#include "client-lib/uv/removing.h"

#include <utility>

#include "client-lib/src/registration_rules.h"

namespace hearth::uv {

Removing::Removing(std::shared_ptr<Engine> engine, NameEntry entry, const NameServerPlace& place,
                   std::optional<NameServer> name_server, Told told)
    : entry_(std::move(entry)), told_(std::move(told)), name_server_(std::move(name_server)) {
  if (name_server_) {
    look();
    return;
  }
  const SharedSettings& settings = engine->settings();
  locating_ = std::make_unique<Locating>(engine, place, settings, [this](Locating::Located located) {
    locating_.reset();
    if (!located) return finish(tl::unexpected<ClientError>(located.error().as_error()));
    name_server_.emplace(std::move(*located));
    look();
  });
}

void Removing::look() {
  name_server_->lookup(entry_.name).then([this](const ClientResult<NameEntry>& found) { on_found(found); });
}

void Removing::on_found(const ClientResult<NameEntry>& found) {
  switch (next_step(entry_, found)) {
    case RegistrationStep::register_again: return finish({});
    case RegistrationStep::give_way: return finish(taken_over(*found));
    case RegistrationStep::ask_again: return finish(tl::unexpected<ClientError>(found.error()));
    case RegistrationStep::none: break;
  }
  name_server_->remove(entry_.name).then([this](ClientResult<std::uint64_t> removed) {
    if (!removed) return finish(forward_error(removed));
    finish({});
  });
}

/// The last thing done.
void Removing::finish(ClientResult<void> result) {
  const Told told = std::move(told_);
  told(std::move(result));
}

}  // namespace hearth::uv
