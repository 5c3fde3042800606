#include "protocol/serial/serializer.h"

#include "protocol/base/check.h"
#include "protocol/serial/json.h"
#include "protocol/serial/marshal.h"
#include "protocol/serial/msgpack.h"
#include "protocol/serial/pickle.h"
#include "protocol/serial/serpent.h"

namespace hearth {

Result<void> Serializer::dump_call(CallValue call, Bytes& out) const {
  return dump(tuple_of(std::move(call.object), std::move(call.method), std::move(call.args), std::move(call.kwargs)),
              out);
}

Result<CallValue> Serializer::load_call(BytesView bytes, const DecodeLimits& limits) const {
  auto loaded = load(bytes, limits);
  if (!loaded) return forward_error(loaded);
  auto* parts = loaded->as_items();
  if (parts == nullptr || parts->size() != 4) {
    return fail(ErrorKind::malformed, "a call must be (object, method, args, kwargs)");
  }
  return CallValue{std::move((*parts)[0]), std::move((*parts)[1]), std::move((*parts)[2]), std::move((*parts)[3])};
}

Result<void> Serializer::load_dict_items(BytesView bytes, const DecodeLimits& limits, const DictItemSink& sink) const {
  return give_rest(load(bytes, limits), sink);
}

const Serializer& serializer(SerializerName name) {
  static const SerpentSerializer serpent;
  static const JsonSerializer json;
  static const MarshalSerializer marshal;
  static const MsgpackSerializer msgpack;
  static const PickleSerializer pickle(SerializerName::pickle);
  static const PickleSerializer dill(SerializerName::dill);
  static const PickleSerializer cloudpickle(SerializerName::cloudpickle);
  switch (name) {
    case SerializerName::serpent: return serpent;
    case SerializerName::json: return json;
    case SerializerName::marshal: return marshal;
    case SerializerName::msgpack: return msgpack;
    case SerializerName::pickle: return pickle;
    case SerializerName::dill: return dill;
    case SerializerName::cloudpickle: return cloudpickle;
  }
  HEARTH_CHECK(false);
}

std::string_view to_string(SerializerName name) {
  switch (name) {
    case SerializerName::serpent: return "serpent";
    case SerializerName::json: return "json";
    case SerializerName::marshal: return "marshal";
    case SerializerName::msgpack: return "msgpack";
    case SerializerName::pickle: return "pickle";
    case SerializerName::dill: return "dill";
    case SerializerName::cloudpickle: return "cloudpickle";
  }
  HEARTH_CHECK(false);
}

std::optional<SerializerName> serializer_named(std::string_view text) {
  for (const SerializerName name :
       {SerializerName::serpent, SerializerName::json, SerializerName::marshal, SerializerName::msgpack,
        SerializerName::pickle, SerializerName::dill, SerializerName::cloudpickle}) {
    if (to_string(name) == text) return name;
  }
  return std::nullopt;
}

}  // namespace hearth
