/// NameServerClient: the methods of a name server as C++ functions, the same for both dialects (PYRO.md
/// section 4).
///
/// Layer: client-lib, public.        Thread rule: one thread at a time.
/// Errors: as Proxy's; `unknown_name` and `name_taken` are the name server's own refusals, which leave the
/// connection open. A connection that was lost is made anew by the next call, to the same place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hearth/api.h>
#include <hearth/name_filter.h>
#include <hearth/proxy.h>
#include <hearth/uri.h>

namespace HEARTH_API hearth {

inline constexpr std::string_view name_server_object_id = "Pyro.NameServer";

/// One registration. Equal texts are equal names: names are case-sensitive Unicode.
struct NameEntry {
  std::string name;
  std::string uri;
  TagSet metadata;
  bool operator==(const NameEntry&) const = default;
};

/// Sorted by name.
using NameListing = std::vector<NameEntry>;

class NameServerClient {
 public:
  /// `proxy` is connected to a name server (locate.h finds one).
  explicit NameServerClient(Proxy proxy) : proxy_(std::move(proxy)) {}

  /// Whether it answers calls.
  [[nodiscard]] ClientResult<void> ping();

  /// Registrations, the name server's own included.
  [[nodiscard]] ClientResult<std::uint64_t> count();

  // ---- finding one

  /// The URI as Pyro prints it (protocol in upper case), where list() gives it as it was registered.
  [[nodiscard]] ClientResult<NameEntry> lookup(std::string_view name);

  /// Waits until the name is registered, and asks now and then (ClientSettings::retry_wait_ms). A name server that is away
  /// meanwhile may come back. `timeout`: it was not in `timeout_ms` (0: no end). If the name server could not be asked to the
  /// last, why.
  [[nodiscard]] ClientResult<NameEntry> wait_for_name(std::string_view name, std::uint32_t timeout_ms);
  /// The same until there is a registration with all of the tags; those that there are.
  [[nodiscard]] ClientResult<NameListing> wait_for_tags(const TagSet& tags, std::uint32_t timeout_ms);

  /// The object of that name. Its proxy asks this name server again whenever it has lost the connection, so the object may
  /// move. It gets the settings that this client was made with.
  [[nodiscard]] ClientResult<Proxy> proxy(std::string_view name);

  // ---- registering

  enum class IfTaken : unsigned char {
    replace,  ///< the URI and the tags
    fail,     ///< name_taken
  };
  /// When this returns everybody finds it, and a hearthd has it on disk. `remote`: the name server takes no such URI, name or tag.
  [[nodiscard]] ClientResult<void> register_name(std::string_view name, std::string_view uri, const TagSet& tags = {},
                                                 IfTaken if_taken = IfTaken::replace);
  [[nodiscard]] ClientResult<void> register_name(std::string_view name, const Uri& uri, const TagSet& tags = {},
                                                 IfTaken if_taken = IfTaken::replace) {
    return register_name(name, uri.text(), tags, if_taken);
  }

  struct RegisteredAll {
    std::size_t count = 0;               ///< so many of the entries, from the first on, are registered
    std::optional<ClientError> failure;  ///< of the one behind them, where it ended; the rest was not tried
  };
  /// Registers one after the other with one message, of which a hearthd makes one sync. Ends at the first that is refused.
  /// An error of the whole means that it is not known how many are registered.
  [[nodiscard]] ClientResult<RegisteredAll> register_all(std::span<const NameEntry> entries,
                                                         IfTaken if_taken = IfTaken::replace);

  /// Replaces the tags; none clears them.
  [[nodiscard]] ClientResult<void> set_metadata(std::string_view name, const TagSet& tags);

  /// How many were removed. The name server's own registration never is.
  [[nodiscard]] ClientResult<std::uint64_t> remove(std::string_view name);
  /// The same for all whose name begins so.
  [[nodiscard]] ClientResult<std::uint64_t> remove_by_prefix(std::string_view prefix);
  /// A regular expression as Python's re.match takes it: anchored at the start only.
  [[nodiscard]] ClientResult<std::uint64_t> remove_by_regex(std::string_view regex);

  // ---- listing

  /// What the filter lets through, held as a whole. An expression that is none is `remote`.
  [[nodiscard]] ClientResult<NameListing> list(const NameFilter& filter = NameFilter::all());
  [[nodiscard]] ClientResult<NameListing> list_by_prefix(std::string_view prefix) {
    return list(NameFilter::prefix(std::string(prefix)));
  }
  [[nodiscard]] ClientResult<NameListing> list_by_regex(std::string_view regex) {
    return list(NameFilter::regex(std::string(regex)));
  }
  /// Yellow pages: what has all, or any, of the tags. No tags: nothing.
  [[nodiscard]] ClientResult<NameListing> yplookup_all(TagSet tags) {
    return list(NameFilter::all_tags(std::move(tags)));
  }
  [[nodiscard]] ClientResult<NameListing> yplookup_any(TagSet tags) {
    return list(NameFilter::any_tag(std::move(tags)));
  }

  /// Gives each registration to `visit`, in the order in which the name server names them, and tells how many there were. No
  /// name server has pages: the answer comes as one message. But only its bytes and one registration are held at a time,
  /// which for a million names is a fifth of what list() takes. After an error some have been visited already.
  [[nodiscard]] ClientResult<std::size_t> for_each(const NameFilter& filter,
                                                   const std::function<void(NameEntry entry)>& visit);

  // ---- the name server itself

  /// These are Proxy's.
  [[nodiscard]] const Uri& uri() const { return proxy_.uri(); }
  [[nodiscard]] Dialect dialect() const { return proxy_.dialect(); }
  [[nodiscard]] bool is_connected() const { return proxy_.is_connected(); }
  [[nodiscard]] bool wait_for_end(std::uint32_t timeout_ms) const { return proxy_.wait_for_end(timeout_ms); }
  void set_call_timeout(std::uint32_t timeout_ms) { proxy_.set_call_timeout(timeout_ms); }

 private:
  [[nodiscard]] ClientResult<Value> call(std::string_view method, Dict kwargs, const CallOptions& options = {});
  [[nodiscard]] ClientResult<void> call_for_nothing(std::string_view method, Dict kwargs);
  [[nodiscard]] ClientResult<std::uint64_t> call_for_count(std::string_view method, Dict kwargs);
  [[nodiscard]] ClientResult<NameEntry> lookup(std::string_view name, const CallOptions& options);
  [[nodiscard]] ClientResult<NameListing> list(const NameFilter& filter, const CallOptions& options);
  [[nodiscard]] ClientResult<std::size_t> for_each(const NameFilter& filter,
                                                   const std::function<void(NameEntry entry)>& visit,
                                                   CallOptions options);

  Proxy proxy_;
};

}  // namespace hearth
