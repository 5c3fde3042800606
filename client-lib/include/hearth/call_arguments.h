/// What goes with a call: positional and keyword arguments, and how this one call is made.
///
/// Layer: client-lib, public.        Thread rule: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/api.h>
#include <hearth/convert.h>

namespace HEARTH_API hearth {

/// What one call does differently from the proxy's ClientSettings.
struct CallOptions {
  std::optional<std::uint32_t> timeout_ms = std::nullopt;  ///< instead of call_timeout_ms; 0: wait for ever
  std::optional<std::uint32_t> retries = std::nullopt;     ///< instead of call_retries
  /// Do not wait for a result: there is none, nor an error of the method. What the server marks as oneway always goes so.
  bool oneway = false;
  std::vector<Annotation> annotations = {};  ///< besides those of the settings
  /// Gets the items of a result that is a dict one by one, as they are decoded; the result is None then, and never held as a
  /// whole. A result that is no dict is an error of kind `protocol`; some items may have come before any such error.
  std::function<void(Value key, Value value)> on_dict_item = {};
};

/// A keyword argument among others: `proxy.call<double>("area", kw("width", 2), kw("height", 3))`.
struct Keyword {
  std::string name;
  Value value;
};

template <Sendable T>
[[nodiscard]] Keyword kw(std::string name, T&& value) {
  return {std::move(name), to_value(std::forward<T>(value))};
}

struct CallArguments {
  std::vector<Value> args;
  Dict kwargs;
  CallOptions options;
};

namespace detail {

inline void add_argument(CallArguments& arguments, Keyword keyword) {
  arguments.kwargs.add(std::move(keyword.name), std::move(keyword.value));
}
inline void add_argument(CallArguments& arguments, CallOptions options) { arguments.options = std::move(options); }
template <Sendable T>
void add_argument(CallArguments& arguments, T&& value) {
  arguments.args.push_back(to_value(std::forward<T>(value)));
}

}  // namespace detail

/// Sorts what a call was given: a Keyword is a keyword argument, CallOptions are about the call, all else is an argument in
/// its place.
template <class... Arguments>
[[nodiscard]] CallArguments call_arguments(Arguments&&... given) {
  CallArguments arguments;
  arguments.args.reserve(sizeof...(given));
  (detail::add_argument(arguments, std::forward<Arguments>(given)), ...);
  return arguments;
}

}  // namespace hearth
