/// NameServer: the methods of a name server as C++ functions, the same for both dialects (PYRO.md section 4).
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// Ownership, order, connection, deadlines, errors: as Proxy's, with one connection. `unknown_name` and `name_taken` are the name
/// server's own refusals. Any number of requests may be under way: they share the connection and are answered in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <hearth/api.h>
#include <hearth/name_filter.h>
#include <hearth/name_server.h>
#include <hearth/uv/proxy.h>
#include <hearth/uv/request.h>

namespace HEARTH_API hearth {
namespace uv {

class NameServer {
 public:
  using IfTaken = NameServerClient::IfTaken;

  /// `proxy` is for a name server's object; Client::locate() finds one.
  explicit NameServer(Proxy proxy) : proxy_(std::move(proxy)) {}

  [[nodiscard]] Request<void> ping();

  /// Registrations, the name server's own included.
  [[nodiscard]] Request<std::uint64_t> count();

  /// The URI as Pyro prints it (protocol in upper case), where list() gives it as it was registered.
  [[nodiscard]] Request<NameEntry> lookup(std::string_view name);

  /// Waits until the name is registered, and asks now and then (ClientSettings::retry_wait_ms). A name server that is away
  /// meanwhile may come back. `timeout`: it was not in `timeout_ms` (0: no end). If the name server could not be asked to the
  /// last, why.
  [[nodiscard]] Request<NameEntry> wait_for_name(std::string_view name, std::uint32_t timeout_ms);
  /// The same until there is a registration with all of the tags; those that there are.
  [[nodiscard]] Request<NameListing> wait_for_tags(const TagSet& tags, std::uint32_t timeout_ms);

  [[nodiscard]] Request<void> register_name(std::string_view name, std::string_view uri, const TagSet& tags = {},
                                            IfTaken if_taken = IfTaken::replace);

  /// Replaces the tags; none clears them.
  [[nodiscard]] Request<void> set_metadata(std::string_view name, const TagSet& tags);

  /// How many were removed. The name server's own registration never is.
  [[nodiscard]] Request<std::uint64_t> remove(std::string_view name);
  [[nodiscard]] Request<std::uint64_t> remove_by_prefix(std::string_view prefix);
  /// A regular expression as Python's re.match takes it: anchored at the start only.
  [[nodiscard]] Request<std::uint64_t> remove_by_regex(std::string_view regex);

  /// Yellow pages too: NameFilter::all_tags(), any_tag().
  [[nodiscard]] Request<NameListing> list(NameFilter filter = NameFilter::all());

  /// For whatever else is to be known or done: uri(), dialect(), connect(), release().
  [[nodiscard]] Proxy& proxy() { return proxy_; }
  [[nodiscard]] const Proxy& proxy() const { return proxy_; }

 private:
  Proxy proxy_;
};

}  // namespace uv
}  // namespace hearth
