/// ItemStream: a result that is an iterator at the other side; its items are fetched one by one. ItemRange<T>: the same as a
/// range of C++ values.
///
/// Layer: client-lib, public.        Thread rule: that of the Proxy it came from, one thread at a time for both.
/// Ownership: the stream belongs to the proxy's connection. It ends with that, and with the proxy; other calls may be made
/// between two items. Destroyed before its end it tells the server, without waiting, that no more is wanted.
/// Errors: after any error the stream is over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <hearth/api.h>
#include <hearth/call_arguments.h>
#include <hearth/client_error.h>
#include <hearth/convert.h>
#include <hearth/exceptions.h>

namespace HEARTH_API hearth {

class [[gnu::visibility("hidden")]] ProxyCore;

class ItemStream {
 public:
  ItemStream(ItemStream&& other) noexcept = default;
  ItemStream& operator=(ItemStream&& other) noexcept;
  ~ItemStream() { close(); }

  /// The next item; nullopt: there are no more. What the iterator raises is ClientErrorKind::remote. The call is never
  /// repeated, whatever the settings say: a repeat would skip an item.
  [[nodiscard]] ClientResult<std::optional<Value>> next(const CallOptions& options = {});

  /// No more is wanted. The server forgets the stream; nobody waits for that.
  void close();

 private:
  friend class Proxy;
  ItemStream(std::weak_ptr<ProxyCore> proxy, std::uint64_t connection, std::string id)
      : proxy_(std::move(proxy)), connection_(connection), id_(std::move(id)) {}

  std::weak_ptr<ProxyCore> proxy_;  ///< empty once the stream is over
  std::uint64_t connection_;        ///< the number of the proxy's connection that the stream belongs to
  std::string id_;
};

/// `for (int number : proxy.stream<int>("count_to", 5)) …`. Can be gone through once. begin() and ++ fetch an item; they
/// throw RemoteError for what the iterator raises, ClientException for any other failure.
template <Readable T>
class ItemRange {
 public:
  class Iterator {
   public:
    // NOLINTBEGIN(readability-identifier-naming): the standard library's names
    using iterator_concept = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    // NOLINTEND(readability-identifier-naming)

    explicit Iterator(ItemRange& range) : range_(&range) {}
    [[nodiscard]] T& operator*() const { return *range_->item_; }
    [[nodiscard]] T* operator->() const { return &*range_->item_; }
    Iterator& operator++() {
      range_->fetch();
      return *this;
    }
    void operator++(int) { range_->fetch(); }
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return !range_->item_; }

   private:
    ItemRange* range_;
  };

  explicit ItemRange(ItemStream stream) : stream_(std::move(stream)) {}

  [[nodiscard]] Iterator begin() {
    fetch();
    return Iterator(*this);
  }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  void fetch() {
    item_.reset();
    std::optional<Value> item = or_throw(stream_.next());
    if (item)
      item_ = or_throw(from_value<T>(std::move(*item), "item " + std::to_string(fetched_++) + " of the stream"));
  }

  ItemStream stream_;
  std::optional<T> item_;
  std::size_t fetched_ = 0;
};

}  // namespace hearth
