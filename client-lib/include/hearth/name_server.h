/// NameServerClient: the methods of a name server as C++ functions, the same for both dialects (PYRO.md
/// section 4).
///
/// Layer: client-lib, public.        Thread rule: one thread at a time.
/// Errors: as Proxy's; `unknown_name` and `name_taken` are the name server's own refusals, which leave the
/// connection open.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/api.h>
#include <hearth/proxy.h>

namespace HEARTH_API hearth {

inline constexpr std::string_view name_server_object_id = "Pyro.NameServer";

/// One registration. Equal texts are equal names: names and tags are case-sensitive Unicode.
struct NameEntry {
  std::string name;
  std::string uri;
  std::vector<std::string> metadata;  ///< tags: each once, sorted
  bool operator==(const NameEntry&) const = default;
};

/// Sorted by name.
using NameListing = std::vector<NameEntry>;

class NameServerClient {
 public:
  /// `proxy` is connected to a name server (locate.h finds one).
  explicit NameServerClient(Proxy proxy) : proxy_(std::move(proxy)) {}

  [[nodiscard]] ClientResult<void> ping();

  /// Registrations, the name server's own included.
  [[nodiscard]] ClientResult<std::uint64_t> count();

  /// The URI as Pyro prints it (protocol in upper case), where list() gives it as it was registered.
  [[nodiscard]] ClientResult<NameEntry> lookup(std::string_view name);

  enum class IfTaken : unsigned char {
    replace,  ///< the URI and the tags
    fail,     ///< name_taken
  };
  [[nodiscard]] ClientResult<void> register_name(std::string_view name, std::string_view uri,
                                                 const std::vector<std::string>& tags = {},
                                                 IfTaken if_taken = IfTaken::replace);

  struct RegisteredAll {
    std::size_t count = 0;               ///< so many of the entries, from the first on, are registered
    std::optional<ClientError> failure;  ///< of the one behind them, where it ended; the rest was not tried
  };
  /// Registers one after the other with one message, of which a hearthd makes one sync. Ends at the first that is refused.
  /// An error of the whole means that it is not known how many are registered.
  [[nodiscard]] ClientResult<RegisteredAll> register_all(std::span<const NameEntry> entries,
                                                         IfTaken if_taken = IfTaken::replace);

  /// Replaces the tags; none clears them.
  [[nodiscard]] ClientResult<void> set_metadata(std::string_view name, const std::vector<std::string>& tags);

  /// How many were removed. The name server's own registration never is.
  [[nodiscard]] ClientResult<std::uint64_t> remove(std::string_view name);
  [[nodiscard]] ClientResult<std::uint64_t> remove_by_prefix(std::string_view prefix);
  /// A regular expression as Python's re.match takes it: anchored at the start only.
  [[nodiscard]] ClientResult<std::uint64_t> remove_by_regex(std::string_view regex);

  [[nodiscard]] ClientResult<NameListing> list();
  [[nodiscard]] ClientResult<NameListing> list_by_prefix(std::string_view prefix);
  [[nodiscard]] ClientResult<NameListing> list_by_regex(std::string_view regex);

  /// Yellow pages: what has all, or any, of the tags. No tags: nothing.
  [[nodiscard]] ClientResult<NameListing> yplookup_all(std::vector<std::string> tags);
  [[nodiscard]] ClientResult<NameListing> yplookup_any(std::vector<std::string> tags);

  [[nodiscard]] const Uri& uri() const { return proxy_.uri(); }
  [[nodiscard]] Dialect dialect() const { return proxy_.dialect(); }

 private:
  [[nodiscard]] ClientResult<Value> call(std::string_view method, Dict kwargs);
  [[nodiscard]] ClientResult<std::uint64_t> call_for_count(std::string_view method, Dict kwargs);
  [[nodiscard]] ClientResult<NameListing> call_for_list(std::string_view method, Dict kwargs);
  [[nodiscard]] ClientResult<NameListing> yplookup(bool all, std::vector<std::string> tags);

  Proxy proxy_;
};

}  // namespace hearth
