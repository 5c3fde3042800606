/// ServedObject: an object with one method of each temper; ObjectServer: a host on loopback that publishes it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/host/object_host.h"
#include "tests/support/listening.h"
#include "tests/support/pyro_peer.h"

namespace hearth {

/// So many items of some 1000 bytes.
class ManyItems final : public LongAnswer {
 public:
  explicit ManyItems(std::int64_t count) : left_(count) {}

  [[nodiscard]] Turn advance(ItemSink& items, std::size_t items_max) override {
    for (bool wants_more = true; wants_more && left_ > 0 && items_max > 0; --items_max) {
      wants_more = items.add(std::to_string(left_--), Value(std::string(1000, 'x')));
    }
    return left_ == 0 ? Progress::all_items : Progress::unfinished;
  }

 private:
  std::int64_t left_;
};

class ServedObject final : public RemoteObject {
 public:
  [[nodiscard]] std::string_view class_name() const override { return "Test"; }
  [[nodiscard]] std::span<const Method> methods(Dialect) const override { return methods_; }

  [[nodiscard]] Answer invoke(Call& call, Responder& later) override {
    ++calls;
    switch (call.method.id) {
      case echo: return CallResult(std::move(call.arguments[0]));
      case many: return std::make_unique<ManyItems>(*call.arguments[0].as<std::int64_t>());
      case big: return CallResult(std::string(static_cast<std::size_t>(*call.arguments[0].as<std::int64_t>()), 'x'));
      default: waiting.push_back(std::move(later)); return std::nullopt;
    }
  }

  void answer_oldest(std::string text) {
    Responder responder = std::move(waiting.front());
    waiting.pop_front();
    std::move(responder).answer(Value(std::move(text)));
  }

  int calls = 0;
  std::deque<Responder> waiting;

 private:
  enum Id { echo, big, many, later_answer };
  std::array<Method, 4> methods_{{{"echo", echo, {{"value"}}},
                                  {"big", big, {{"bytes"}}},
                                  {"many", many, {{"items"}}},
                                  {"later", later_answer, {}}}};
};

struct ObjectServer {
  explicit ObjectServer(const Limits& limits = {}) {
    settings.limits = limits;
    objects.add(std::string(served_object_id), object);
    auto listener = listen_on_loopback(loop);
    port = listener->bound_port();
    host = std::make_unique<ObjectHost>(loop, settings, objects);
    HEARTH_CHECK(host->serve(std::move(listener)).has_value());
  }
  ~ObjectServer() { object.waiting.clear(); }

  void wait_for_connections(std::size_t count) {
    run_until(loop, [&] { return host->connections() == count; });
  }
  /// Or more of them.
  void wait_for_calls(int count) {
    run_until(loop, [&] { return object.calls >= count; });
  }

  SessionSettings settings;
  Loop loop;
  ServedObject object;
  ObjectTable objects;
  std::unique_ptr<ObjectHost> host;
  std::uint16_t port = 0;
};

}  // namespace hearth
