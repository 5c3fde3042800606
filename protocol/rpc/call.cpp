#include "protocol/rpc/call.h"

#include <utility>

#include "protocol/base/check.h"

namespace hearth {

Responder::Responder(Responder&& other) noexcept
    : sink_(std::exchange(other.sink_, nullptr)), connection_(other.connection_), call_number_(other.call_number_) {}

Responder::~Responder() {
  if (sink_ == nullptr) return;
  sink_->reply(connection_, call_number_, raise("PyroError", "the server dropped this call without an answer"));
}

void Responder::answer(CallResult result) && {
  HEARTH_CHECK(sink_ != nullptr);
  std::exchange(sink_, nullptr)->reply(connection_, call_number_, std::move(result));
}

}  // namespace hearth
