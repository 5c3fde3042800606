/// ItemStream::State: which stream of which connection, and whether it is over.
///
/// Layer: client-lib/uv, private (no sockets).        Thread rule: the thread of the loop.
#pragma once

#include <hearth/uv/item_stream.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "client-lib/uv/call_pool.h"

namespace hearth::uv {

class ItemStream::State {
 public:
  State(std::weak_ptr<CallPool> calls, std::uint64_t connection, std::string id)
      : calls_(std::move(calls)), connection_(connection), id_(std::move(id)) {}
  ~State() { close(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void close();

  static Operation begin_next(const std::shared_ptr<State>& state, CallOptions options,
                              Request<std::optional<Value>>::Callback done);

 private:
  [[nodiscard]] ClientResult<std::optional<Value>> read(ClientResult<Answer> answer);

  const std::weak_ptr<CallPool> calls_;
  const std::uint64_t connection_;
  const std::string id_;
  bool is_over_ = false;
};

}  // namespace hearth::uv
