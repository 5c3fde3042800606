/// Client::State: the engine, and the operations that end with the Client.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
#pragma once

#include <hearth/uv/client.h>

#include <memory>

#include "client-lib/uv/engine.h"
#include "client-lib/uv/operation_set.h"

namespace hearth::uv {

struct Client::State {
  std::shared_ptr<Engine> engine;
  OperationSet operations;
};

}  // namespace hearth::uv
