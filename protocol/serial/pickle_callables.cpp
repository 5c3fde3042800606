#include "protocol/serial/pickle_callables.h"

#include <array>
#include <string>
#include <utility>

#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

using NodeId = PickleGraph::NodeId;
using Kind = PickleGraph::Kind;
using Arguments = std::span<const NodeId>;

enum Callable : int { set, frozenset, complex_number, bytes, bytearray, object, encode, reconstructor, uri };

struct Row {
  Callable callable;
  std::string_view module;
  std::string_view module_python2;  ///< which protocols 0 to 2 write
  std::string_view name;
  std::string_view full_name;
};

constexpr std::array<Row, 9> rows{{
    {set, "builtins", "__builtin__", "set", "builtins.set"},
    {frozenset, "builtins", "__builtin__", "frozenset", "builtins.frozenset"},
    {complex_number, "builtins", "__builtin__", "complex", "builtins.complex"},
    {bytes, "builtins", "__builtin__", "bytes", "builtins.bytes"},
    {bytearray, "builtins", "__builtin__", "bytearray", "builtins.bytearray"},
    {object, "builtins", "__builtin__", "object", "builtins.object"},
    {encode, "_codecs", "_codecs", "encode", "_codecs.encode"},
    {reconstructor, "copyreg", "copy_reg", "_reconstructor", "copyreg._reconstructor"},
    {uri, "Pyro4.core", "Pyro4.core", "URI", pickled_uri_class},
}};

Result<NodeId> refused(int callable) {
  return fail(ErrorKind::unsupported,
              "pickle refused: " + std::string(pickle_callable_name(callable)) + " used otherwise than for plain data");
}

/// set(), set([…])
Result<NodeId> make_set_node(PickleGraph& graph, int callable, Arguments arguments) {
  if (arguments.empty()) return graph.add(Kind::set);
  const PickleGraph::Node& source = graph.at(arguments.front());
  if (arguments.size() != 1 || (source.kind != Kind::list && source.kind != Kind::tuple)) return refused(callable);
  return graph.add_copy(Kind::set, source.items);
}

/// bytes(), bytearray(), bytearray(b"…")
Result<NodeId> make_bytes_node(PickleGraph& graph, int callable, Arguments arguments) {
  if (arguments.empty()) return graph.add(Value(ByteString()));
  const ByteString* source = graph.at(arguments.front()).scalar.as<ByteString>();
  if (arguments.size() != 1 || source == nullptr) return refused(callable);
  return graph.add_copy(*source);
}

/// encode("…", "latin1"): how protocols before 3 write bytes.
Result<NodeId> make_encoded_node(PickleGraph& graph, Arguments arguments) {
  if (arguments.size() != 2) return refused(encode);
  const std::string* text = graph.text_at(arguments[0]);
  const std::string* codec = graph.text_at(arguments[1]);
  if (text == nullptr || codec == nullptr || *codec != "latin1") return refused(encode);
  ByteString encoded;
  for (std::size_t pos = 0; pos < text->size();) {
    const char32_t c = decode_wtf8(*text, pos);
    if (c > 0xFF) return fail(ErrorKind::malformed, "pickle encodes text as latin1 that is not");
    encoded.data.push_back(static_cast<char>(c));
  }
  return graph.add_copy(std::move(encoded));
}

Result<NodeId> make_complex_node(PickleGraph& graph, Arguments arguments) {
  if (arguments.size() != 2) return refused(complex_number);
  const double* real = graph.at(arguments[0]).scalar.as<double>();
  const double* imag = graph.at(arguments[1]).scalar.as<double>();
  if (real == nullptr || imag == nullptr) return refused(complex_number);
  return graph.add(Value(Complex{*real, *imag}));
}

bool is_callable(const PickleGraph& graph, NodeId id, Callable callable) {
  return graph.at(id).kind == Kind::callable && graph.at(id).callable == callable;
}

/// _reconstructor(URI, object, None): how protocols before 2 make an instance.
Result<NodeId> reconstruct(PickleGraph& graph, Arguments arguments) {
  const bool is_uri = arguments.size() == 3 && is_callable(graph, arguments[0], uri) &&
                      is_callable(graph, arguments[1], object) && graph.at(arguments[2]).kind == Kind::scalar &&
                      graph.at(arguments[2]).scalar.is_none();
  if (!is_uri) return refused(reconstructor);
  return graph.add(Kind::uri);
}

}  // namespace

std::optional<int> find_pickle_callable(std::string_view module, std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name && (row.module == module || row.module_python2 == module)) return row.callable;
  }
  return std::nullopt;
}

std::string_view pickle_callable_name(int callable) { return rows[static_cast<std::size_t>(callable)].full_name; }

Result<NodeId> call_in_pickle(PickleGraph& graph, int callable, Arguments arguments) {
  switch (static_cast<Callable>(callable)) {
    case set:
    case frozenset: return make_set_node(graph, callable, arguments);
    case bytes:
    case bytearray: return make_bytes_node(graph, callable, arguments);
    case complex_number: return make_complex_node(graph, arguments);
    case encode: return make_encoded_node(graph, arguments);
    case reconstructor: return reconstruct(graph, arguments);
    case object:
    case uri: break;  // instances of these come from new_in_pickle()
  }
  return refused(callable);
}

Result<NodeId> new_in_pickle(PickleGraph& graph, int callable, Arguments arguments) {
  if (callable != uri || !arguments.empty()) return refused(callable);
  return graph.add(Kind::uri);
}

}  // namespace hearth
