#include "protocol/serial/pickle.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include <hearth/repr.h>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

using namespace std::string_literals;

Result<Value> load(std::string_view bytes, const DecodeLimits& limits = {}) {
  const ExactBytes exact(bytes);
  return PickleSerializer(SerializerName::pickle).load(exact.view(), limits);
}

/// The value as Python would print it, or the error.
std::string load_repr(std::string_view bytes, const DecodeLimits& limits = {}) {
  const auto value = load(bytes, limits);
  return value ? repr(*value) : value.error().text;
}

Bytes dumped(const Value& value) {
  Bytes bytes;
  REQUIRE(PickleSerializer(SerializerName::pickle).dump(value, bytes).has_value());
  return bytes;
}

Dict class_dict(const char* class_name) {
  Dict dict;
  dict.add("__class__", class_name);
  return dict;
}

struct Example {
  std::string_view printed;
  std::vector<std::string_view> pickles;  ///< in hexadecimal
};

// What pickle.dumps(value, protocol) of Python 3.11 wrote, for the protocols 0 to 5, equal ones once.
const std::vector<Example> examples{
    {"None", {"4e2e", "80024e2e", "80034e2e", "80044e2e", "80054e2e"}},
    {"True", {"4930310a2e", "8002882e", "8003882e", "8004882e", "8005882e"}},
    {"False", {"4930300a2e", "8002892e", "8003892e", "8004892e", "8005892e"}},
    {"0", {"49300a2e", "4b002e", "80024b002e", "80034b002e", "80044b002e", "80054b002e"}},
    {"255", {"493235350a2e", "4bff2e", "80024bff2e", "80034bff2e", "80044bff2e", "80054bff2e"}},
    {"65535",
     {"4936353533350a2e", "4dffff2e", "80024dffff2e", "80034dffff2e", "80049504000000000000004dffff2e",
      "80059504000000000000004dffff2e"}},
    {"-1",
     {"492d310a2e", "4affffffff2e", "80024affffffff2e", "80034affffffff2e", "80049506000000000000004affffffff2e",
      "80059506000000000000004affffffff2e"}},
    {"2147483648",
     {"4c323134373438333634384c0a2e", "80028a0500000080002e", "80038a0500000080002e",
      "80049508000000000000008a0500000080002e", "80059508000000000000008a0500000080002e"}},
    {"-9223372036854775809",
     {"4c2d393232333337323033363835343737353830394c0a2e", "80028a09ffffffffffffff7fff2e",
      "80038a09ffffffffffffff7fff2e", "8004950c000000000000008a09ffffffffffffff7fff2e",
      "8005950c000000000000008a09ffffffffffffff7fff2e"}},
    {"1180591620717411303424",
     {"4c313138303539313632303731373431313330333432344c0a2e", "80028a090000000000000000402e",
      "80038a090000000000000000402e", "8004950c000000000000008a090000000000000000402e",
      "8005950c000000000000008a090000000000000000402e"}},
    {"1.5",
     {"46312e350a2e", "473ff80000000000002e", "8002473ff80000000000002e", "8003473ff80000000000002e",
      "8004950a00000000000000473ff80000000000002e", "8005950a00000000000000473ff80000000000002e"}},
    {"inf",
     {"46696e660a2e", "477ff00000000000002e", "8002477ff00000000000002e", "8003477ff00000000000002e",
      "8004950a00000000000000477ff00000000000002e", "8005950a00000000000000477ff00000000000002e"}},
    {"(1+2j)",
     {"635f5f6275696c74696e5f5f0a636f6d706c65780a70300a2846312e300a46322e300a7470310a5270320a2e",
      "635f5f6275696c74696e5f5f0a636f6d706c65780a710028473ff00000000000004740000000000000007471015271022e",
      "8002635f5f6275696c74696e5f5f0a636f6d706c65780a7100473ff00000000000004740000000000000008671015271022e",
      "8003636275696c74696e730a636f6d706c65780a7100473ff00000000000004740000000000000008671015271022e",
      "8004952e000000000000008c086275696c74696e73948c07636f6d706c6578949394473ff000000000000047400000000000000086945294"
      "2e",
      "8005952e000000000000008c086275696c74696e73948c07636f6d706c6578949394473ff000000000000047400000000000000086945294"
      "2e"}},
    {"''",
     {"560a70300a2e", "580000000071002e", "8002580000000071002e", "8003580000000071002e",
      "80049504000000000000008c00942e", "80059504000000000000008c00942e"}},
    {"'a\\\\u20ac\\n😀'",
     {"56615c753030356375323061635c75303030615c5530303031663630300a70300a2e",
      "580c000000615c75323061630af09f988071002e", "8002580c000000615c75323061630af09f988071002e",
      "8003580c000000615c75323061630af09f988071002e", "80049510000000000000008c0c615c75323061630af09f9880942e",
      "80059510000000000000008c0c615c75323061630af09f9880942e"}},
    {"b''",
     {"635f5f6275696c74696e5f5f0a62797465730a70300a28745270310a2e",
      "635f5f6275696c74696e5f5f0a62797465730a7100295271012e",
      "8002635f5f6275696c74696e5f5f0a62797465730a7100295271012e", "8003430071002e", "80049504000000000000004300942e",
      "80059504000000000000004300942e"}},
    {"b'\\x00\\xff'",
     {"635f636f646563730a656e636f64650a70300a28565c7530303030ff0a70310a566c6174696e310a70320a7470330a5270340a2e",
      "635f636f646563730a656e636f64650a710028580300000000c3bf710158060000006c6174696e3171027471035271042e",
      "8002635f636f646563730a656e636f64650a7100580300000000c3bf710158060000006c6174696e3171028671035271042e",
      "8003430200ff71002e", "8004950600000000000000430200ff942e", "8005950600000000000000430200ff942e"}},
    {"b'xy'",
     {"635f5f6275696c74696e5f5f0a6279746561727261790a70300a28635f636f646563730a656e636f64650a70310a285678790a70320a566c"
      "6174696e310a70330a7470340a5270350a7470360a5270370a2e",
      "635f5f6275696c74696e5f5f0a6279746561727261790a710028635f636f646563730a656e636f64650a7101285802000000787971025806"
      "0000006c6174696e3171037471045271057471065271072e",
      "8002635f5f6275696c74696e5f5f0a6279746561727261790a7100635f636f646563730a656e636f64650a71015802000000787971025806"
      "0000006c6174696e3171038671045271058571065271072e",
      "8003636275696c74696e730a6279746561727261790a71004302787971018571025271032e",
      "80049523000000000000008c086275696c74696e73948c096279746561727261799493944302787994859452942e",
      "8005950d000000000000009602000000000000007879942e"}},
    {"[1, 'a']",
     {"286c70300a49310a6156610a70310a612e", "5d7100284b015801000000617101652e", "80025d7100284b015801000000617101652e",
      "80035d7100284b015801000000617101652e", "8004950b000000000000005d94284b018c016194652e",
      "8005950b000000000000005d94284b018c016194652e"}},
    {"()", {"28742e", "292e", "8002292e", "8003292e", "8004292e", "8005292e"}},
    {"(1,)",
     {"2849310a7470300a2e", "284b017471002e", "80024b018571002e", "80034b018571002e",
      "80049505000000000000004b0185942e", "80059505000000000000004b0185942e"}},
    {"(1, 2, 3, 4)",
     {"2849310a49320a49330a49340a7470300a2e", "284b014b024b034b047471002e", "8002284b014b024b034b047471002e",
      "8003284b014b024b034b047471002e", "8004950c00000000000000284b014b024b034b0474942e",
      "8005950c00000000000000284b014b024b034b0474942e"}},
    {"{'k': [()]}",
     {"286470300a566b0a70310a286c70320a287461732e", "7d710058010000006b71015d71022961732e",
      "80027d710058010000006b71015d71022961732e", "80037d710058010000006b71015d71022961732e",
      "8004950c000000000000007d948c016b945d942961732e", "8005950c000000000000007d948c016b945d942961732e"}},
    {"{7}",
     {"635f5f6275696c74696e5f5f0a7365740a70300a28286c70310a49370a617470320a5270330a2e",
      "635f5f6275696c74696e5f5f0a7365740a7100285d71014b07617471025271032e",
      "8002635f5f6275696c74696e5f5f0a7365740a71005d71014b07618571025271032e",
      "8003636275696c74696e730a7365740a71005d71014b07618571025271032e", "80049507000000000000008f94284b07902e",
      "80059507000000000000008f94284b07902e"}},
    {"{7}",
     {"635f5f6275696c74696e5f5f0a66726f7a656e7365740a70300a28286c70310a49370a617470320a5270330a2e",
      "635f5f6275696c74696e5f5f0a66726f7a656e7365740a7100285d71014b07617471025271032e",
      "8002635f5f6275696c74696e5f5f0a66726f7a656e7365740a71005d71014b07618571025271032e",
      "8003636275696c74696e730a66726f7a656e7365740a71005d71014b07618571025271032e",
      "8004950600000000000000284b0791942e", "8005950600000000000000284b0791942e"}},
    {"(['x'], ['x'])",
     {"28286c70300a56780a70310a6167300a7470320a2e", "285d710058010000007871016168007471022e",
      "80025d710058010000007871016168008671022e", "80035d710058010000007871016168008671022e",
      "8004950c000000000000005d948c01789461680086942e", "8005950c000000000000005d948c01789461680086942e"}},
    {"{'__class__': 'Pyro4.core.URI', 'state': ('PYRO', 'obj', None, 'host', 9090)}",
     {"63636f70795f7265670a5f7265636f6e7374727563746f720a70300a28635079726f342e636f72650a5552490a70310a635f5f6275696c74"
      "696e5f5f0a6f626a6563740a70320a4e7470330a5270340a28565059524f0a70350a566f626a0a70360a4e56686f73740a70370a49393039"
      "300a7470380a622e",
      "63636f70795f7265670a5f7265636f6e7374727563746f720a710028635079726f342e636f72650a5552490a7101635f5f6275696c74696e"
      "5f5f0a6f626a6563740a71024e7471035271042858040000005059524f710558030000006f626a71064e5804000000686f737471074d8223"
      "747108622e",
      "8002635079726f342e636f72650a5552490a7100298171012858040000005059524f710258030000006f626a71034e5804000000686f7374"
      "71044d8223747105622e",
      "8003635079726f342e636f72650a5552490a7100298171012858040000005059524f710258030000006f626a71034e5804000000686f7374"
      "71044d8223747105622e",
      "80049535000000000000008c0a5079726f342e636f7265948c03555249949394298194288c045059524f948c036f626a944e8c04686f7374"
      "944d82237494622e",
      "80059535000000000000008c0a5079726f342e636f7265948c03555249949394298194288c045059524f948c036f626a944e8c04686f7374"
      "944d82237494622e"}},
};

}  // namespace

TEST_CASE("pickle: plain data and URIs of every protocol") {
  for (const Example& example : examples) {
    CAPTURE(example.printed);
    for (const std::string_view hex : example.pickles) {
      CAPTURE(hex);
      const std::string bytes = from_hex(hex);
      CHECK(load_repr(bytes) == example.printed);
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto cut = load(std::string_view(bytes).substr(0, length));
        REQUIRE_FALSE(cut.has_value());
        CHECK(cut.error().kind == ErrorKind::malformed);
      }
    }
  }
}

TEST_CASE("pickle: what Python 2 writes for its str") {
  CHECK(load_repr("S'it\\'s \\x41\\n'\np0\n.") == "\"it's A\\n\"");  // pickle.dumps("it's A\n")
  CHECK(load_repr("\x80\x02U\x03"
                  "abcq\x01.") == "'abc'");
  CHECK(load_repr("U\x01\xff.") == "pickle holds a Python 2 str that is not ASCII");
}

TEST_CASE("pickle: whatever runs code is refused by name, in every way of naming it") {
  const auto refused = [](const std::string& name) {
    return "pickle refused: " + name + " (only plain data and Pyro4.core.URI are read)";
  };
  CHECK(load_repr("cos\nsystem\n(S'true'\ntR.") == refused("os.system"));
  CHECK(load_repr("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.") == refused("posix.system"));
  CHECK(load_repr("\x80\x02"
                  "c__builtin__\neval\nU\x01"
                  "1\x85R.") == refused("__builtin__.eval"));
  CHECK(load_repr("cPyro4.core\nProxy\n)\x81.") == refused("Pyro4.core.Proxy"));
  CHECK(load_repr("(S'true'\nios\nsystem\n.") == refused("opcode i"));  // INST
  CHECK(load_repr("(cbuiltins\nset\no.") == refused("opcode o"));       // OBJ
  CHECK(load_repr("Pabc\n.") == refused("opcode P"));                   // PERSID
  CHECK(load_repr("\x82\x01.") == refused("opcode \\x82"));             // EXT1
  CHECK(load_repr("\x97.") == refused("opcode \\x97"));                 // NEXT_BUFFER
  CHECK(load_repr("]}b.") == refused("state of an object that is no URI"));
  CHECK(load("cos\nsystem\n.").error().kind == ErrorKind::unsupported);
  const auto endless = load("c" + std::string(100000, 'x') + "\ny\n.");
  CHECK(endless.error().text.size() < 300);
}

TEST_CASE("pickle: known names are data only where they make data") {
  CHECK(load_repr("cbuiltins\nset\n.") == "pickle holds builtins.set itself, which is no data");
  for (const auto& bytes : {"cbuiltins\nobject\n)R."s, "cbuiltins\nbytes\nK\x05\x85R."s,
                            "c_codecs\nencode\nU\x01"
                            "aU\x05utf-8\x86R."s,
                            "cPyro4.core\nURI\nU\x08PYRO:a@b\x85R."s, "ccopyreg\n_reconstructor\n)R."s,
                            "cbuiltins\nset\nU\x01"
                            "a\x85R."s,
                            "cbuiltins\ncomplex\n)R."s, "cbuiltins\nset\n)\x81."s}) {
    CAPTURE(bytes);
    const auto value = load(bytes);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::unsupported);
  }
  CHECK(load_repr("cPyro4.core\nURI\n)\x81.") == "pickle holds a URI without state");
}

TEST_CASE("pickle: broken streams are malformed") {
  for (const auto& bytes : {"."s,          "NN."s,     "N.N"s,    "(."s,        "(N."s,
                            "a."s,         "]a."s,     "Na."s,    "}NN0s."s,    "(Nd."s,
                            "}(Nu."s,      "t."s,      "R."s,     "NNR."s,      "h\x00."s,
                            "g-1\n."s,     "gx\n."s,   "]NNs."s,  "I1x\n."s,    "I\n."s,
                            "L--1L\n."s,   "F1x\n."s,  "S'a\n."s, "V\\u00\n."s, "X\x01\x00\x00\x00\xff."s,
                            "\x80\x06N."s, "NN\x93."s, "}]Ns."s,  "](l."s,      "2."s,
                            "1."s,         "q\x00."s,  "\x94."s}) {
    CAPTURE(bytes);
    const auto value = load(bytes);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::malformed);
  }
}

TEST_CASE("pickle: a container inside itself, and shared ones that unfold into many") {
  CHECK(load_repr("]q\x00h\x00"
                  "a."s) == "pickle holds a container inside itself");
  // Each level holds the one below it ten times: 10^12 values in a few hundred bytes.
  std::string bomb = "]q\x01";
  for (char level = 1; level < 12; ++level) {
    bomb += "0(";
    for (int i = 0; i < 10; ++i) bomb += {'h', level};
    bomb += {'l', 'q', static_cast<char>(level + 1)};
  }
  CHECK(load(bomb + ".").error().kind == ErrorKind::limit);
  // Text that is referred to, and bytes made of it, again and again.
  const std::string text = "X" + "\x00\x00\x10\x00"s + std::string(1U << 20U, 'x') +
                           "q\x01"
                           "0";
  std::string uses = "(";
  std::string copies = "(";
  for (int i = 0; i < 10000; ++i) {
    uses += "h\x01";
    copies += "c_codecs\nencode\n(h\x01U\x06latin1tR";
  }
  CHECK(load(text + uses + "l.").error().kind == ErrorKind::limit);
  CHECK(load(text + copies + "l.").error().kind == ErrorKind::limit);
  CHECK(load("r\xff\xff\xff\x7f.").error().kind == ErrorKind::malformed);
  CHECK(load("Nr\xff\xff\xff\x7f.").error().kind == ErrorKind::limit);
  CHECK(load(std::string(1U << 20U, '(') + ".").error().kind == ErrorKind::limit);
}

// What the real Pyro4's unpickler makes of these is tests/interop/pickle_test.py.
TEST_CASE("pickle: Pyro's classes are written as objects, and no others") {
  Dict uri = class_dict("Pyro4.core.URI");
  uri.add("state", make_tuple({"PYRO", "o", None{}, "h", 1}));
  CHECK(
      dumped(uri).starts_with("\x80\x03"
                              "cPyro4.core\nURI\n)\x81("));
  CHECK(*load(dumped(uri)) == Value(uri));

  Dict error = class_dict("builtins.ValueError");
  error.add("__exception__", true);
  error.add("args", make_tuple({"text"}));
  error.add("attributes", Dict{});
  CHECK(dumped(error) ==
        "\x80\x03"
        "cbuiltins\nValueError\n(X\x04\x00\x00\x00texttR}(ub."s);

  for (const char* name : {"os.system", "builtins.eval\nx", "builtins.", "Pyro4.errors.a.b", "Pyro4.core.Proxy"}) {
    Dict other = class_dict(name);
    other.add("args", make_tuple({"text"}));
    CHECK(*load(dumped(other)) == Value(other));
  }
}

}  // namespace hearth
