// Calls of a real Pyro4 object: arguments, results, exceptions, attributes, in every serializer.
#include <doctest/doctest.h>

#include "tests/pyro4/programs.h"
#include "tests/support/temp_dir.h"

namespace hearth::test {
namespace {

/// What the call raised.
template <class Call>
RemoteError raised_by(Call call) {
  try {
    call();
  } catch (const RemoteError& error) {
    return error;
  }
  FAIL("nothing was raised");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("pyro4: values go there and back, in every serializer") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    CAPTURE(to_string(name));
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.dialect() == Dialect::pyro4);
    const auto echoed = [&proxy](Value value) { return proxy.call<Value>("echo", std::move(value)); };
    for (const Value& value : {Value(), Value(true), Value(-7), Value(BigInt{"123456789012345678901234567890"}),
                               Value(2.5), Value("grüße €"), make_list({1, "x", None{}}), Value(Dict{})}) {
      CHECK(echoed(value) == value);
    }
    CHECK(proxy.call<int>("add", 1, 2) == 3);
    CHECK(proxy.call<std::string>("add", "a", "b") == "ab");
    CHECK(proxy.call<std::vector<double>>("echo", std::vector{1.5, 2.5}) == std::vector{1.5, 2.5});
    CHECK((proxy.call<std::map<std::string, int>>("echo", std::map<std::string, int>{{"k", 1}}).at("k")) == 1);
    CHECK((proxy.call<std::pair<int, std::string>>("echo", std::pair(1, "x"))) == std::pair<int, std::string>(1, "x"));
    CHECK(proxy.call<std::set<int>>("echo", std::vector<int>{1, 2}) == std::set<int>{1, 2});
    CHECK(proxy.call<std::optional<int>>("echo", None{}) == std::nullopt);
  }
}

TEST_CASE("pyro4: what only some serializers carry") {
  const Daemon daemon;
  for (const SerializerName name : {SerializerName::serpent, SerializerName::marshal}) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<std::string>("type_of", std::set<int>{1}) == "set");
    CHECK(proxy.call<std::string>("type_of", std::tuple(1, 2)) == "tuple");
    CHECK(proxy.call<std::set<int>>("echo", std::set<int>{1}) == std::set<int>{1});
  }
  for (const SerializerName name : {SerializerName::marshal, SerializerName::msgpack}) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<std::string>("type_of", ByteString{"b"}) == "bytes");
  }
  for (const SerializerName name : {SerializerName::serpent, SerializerName::marshal, SerializerName::msgpack}) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<std::complex<double>>("echo", std::complex<double>(1, 2)) == std::complex<double>(1, 2));
    CHECK(proxy.call<ByteString>("blob", 3) == ByteString{"xxx"});
  }
  Proxy json = daemon.connect(speaking(SerializerName::json));
  CHECK(json.invoke("echo", {ByteString{"b"}}).error().kind == ClientErrorKind::invalid);
  CHECK(json.call<int>("add", 1, 1) == 2);
}

TEST_CASE("pyro4: positional, default, surplus and keyword arguments") {
  const Daemon daemon;
  using Answer = std::tuple<Value, Value, std::vector<Value>, std::map<std::string, Value>>;
  for (const SerializerName name : all_serializers) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<Answer>("arguments", 1) == Answer{1, "2", {}, {}});
    CHECK(proxy.call<Answer>("arguments", 1, 2, 3, 4) == Answer{1, 2, {3, 4}, {}});
    CHECK(proxy.call<Answer>("arguments", kw("third", 3), 1, kw("second", "b")) == Answer{1, "b", {}, {{"third", 3}}});
    const RemoteError error = raised_by([&proxy] { proxy.call("arguments"); });
    CHECK(error.type() == "builtins.TypeError");
  }
}

TEST_CASE("pyro4: exceptions of Python, of Pyro and of the program") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    CAPTURE(to_string(name));
    Proxy proxy = daemon.connect(speaking(name));
    const RemoteError division = raised_by([&proxy] { proxy.call("divide", 1, 0); });
    CHECK(division.type() == "builtins.ZeroDivisionError");
    CHECK(division.what() == std::string("ZeroDivisionError: division by zero"));
    CHECK(division.args() == std::vector<Value>{"division by zero"});
    REQUIRE_FALSE(division.traceback().empty());
    CHECK(division.traceback().back() == "ZeroDivisionError: division by zero\n");

    CHECK(raised_by([&proxy] { proxy.call("raise_naming_error"); }).type() == "NamingError");

    const RemoteError own = raised_by([&proxy] { proxy.call("raise_own"); });
    CHECK(own.type() == "__main__.OutOfPaper");
    CHECK(own.args() == std::vector<Value>{"tray", 2});
    CHECK(proxy.call<int>("add", 1, 1) == 2);  // the connection stays
  }
}

TEST_CASE("pyro4: objects of classes that both sides know") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    CAPTURE(to_string(name));
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<std::string>("type_of", Point{1, 2}) == "Point");
    CHECK(proxy.call<Point>("mirrored", Point{1, 2}) == Point{2, 1});
    if (name == SerializerName::marshal) continue;  // Pyro's own cannot send one inside a list
    CHECK(proxy.call<std::vector<Point>>("echo", std::vector{Point{1, 2}}) == std::vector{Point{1, 2}});
  }
}

TEST_CASE("pyro4: an object that comes as a proxy can be connected to") {
  const Daemon daemon;
  for (const SerializerName name : {SerializerName::serpent, SerializerName::json, SerializerName::msgpack}) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.call<Uri>("itself") == daemon.uri());
  }
}

TEST_CASE("pyro4: attributes") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    Proxy proxy = daemon.connect(speaking(name));
    CHECK(proxy.metadata().attributes == ObjectMetadata::Names{"constant", "counter"});
    CHECK(proxy.get<int>("constant") == 42);
    proxy.set("counter", 5);
    CHECK(proxy.get<int>("counter") == 5);
    CHECK(raised_by([&proxy] { proxy.set("counter", -1); }).what() == std::string("ValueError: counts go up"));
    CHECK(raised_by([&proxy] { proxy.set("constant", 1); }).type() == "builtins.AttributeError");
    CHECK_THROWS_WITH_AS(static_cast<void>(proxy.get<std::string>("counter")),
                         "the attribute counter: expected str, got int 5", ClientException);
  }
}

TEST_CASE("pyro4: what the object does not have is known without asking") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  const std::string object = "remote object '" + daemon.uri().text() + "' has no exposed ";
  const RemoteError method = raised_by([&proxy] { proxy.call("no_such"); });
  CHECK(method.type() == "builtins.AttributeError");
  CHECK(method.what() == "AttributeError: " + object + "attribute or method 'no_such'");
  CHECK(method.traceback().empty());
  CHECK(raised_by([&proxy] { proxy.set("no_such", 1); }).what() == "AttributeError: " + object + "attribute 'no_such'");
  CHECK(proxy.is_connected());
}

TEST_CASE("pyro4: 50 MB there and back, compressed too") {
  constexpr std::size_t size = 50U << 20U;
  for (const bool compress : {false, true}) {
    std::vector<std::string> arguments;
    if (compress) arguments.emplace_back("--compress");
    const Daemon daemon(arguments);
    ClientSettings settings = speaking(SerializerName::marshal);
    settings.compress_requests = compress;
    Proxy proxy = daemon.connect(settings);
    CHECK(proxy.call<std::size_t>("size_of", ByteString{std::string(size, 'y')}) == size);
    CHECK(proxy.call<ByteString>("blob", size).data == std::string(size, 'x'));
  }
}

TEST_CASE("pyro4: compression in every serializer") {
  const Daemon daemon({"--compress"});
  for (const SerializerName name : all_serializers) {
    ClientSettings settings = speaking(name);
    settings.compress_requests = true;
    Proxy proxy = daemon.connect(settings);
    const std::string text(10000, 'x');
    CHECK(proxy.call<std::string>("echo", text) == text);
    CHECK(raised_by([&proxy] { proxy.call("divide", 1, 0); }).type() == "builtins.ZeroDivisionError");
  }
}

TEST_CASE("pyro4: batches end at their first failure") {
  const Daemon daemon;
  // Pyro's marshal cannot send a list with an exception in it.
  for (const SerializerName name : {SerializerName::serpent, SerializerName::json, SerializerName::msgpack}) {
    CAPTURE(to_string(name));
    Proxy proxy = daemon.connect(speaking(name));
    Batch batch;
    batch.call("add", 1, 2).call("add", kw("a", "x"), kw("b", "y")).call("divide", 1, 0).call("add", 3, 4);
    const BatchedResults results = or_throw(proxy.invoke_batch(batch));
    REQUIRE(results.size() == 3);
    CHECK(results[0].value() == Value(3));
    CHECK(results[1].value() == Value("xy"));
    CHECK(results[2].error().exception->type == "builtins.ZeroDivisionError");
    CHECK_THROWS_AS(static_cast<void>(or_throw(results[2])), RemoteError);

    CHECK(or_throw(proxy.invoke_batch({})).empty());
    CHECK(proxy.invoke_batch(Batch().call("no_such")).error().kind == ClientErrorKind::remote);
    const std::string text = "batch " + std::string(to_string(name));
    CHECK(or_throw(proxy.invoke_batch(Batch().call("remember", text), {.oneway = true})).empty());
  }
  CHECK(daemon.connect().call<std::vector<std::string>>("remembered", 3).size() == 3);
}

TEST_CASE("pyro4: oneway calls are not waited for") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  CHECK(proxy.metadata().oneway == ObjectMetadata::Names{"remember"});
  CHECK(proxy.call<std::optional<int>>("remember", "by the server's word") == std::nullopt);
  proxy.call("hang", CallOptions{.oneway = true});
  CHECK(proxy.call<std::vector<std::string>>("remembered", 1) == std::vector<std::string>{"by the server's word"});
}

TEST_CASE("pyro4: annotations go along both ways") {
  const Daemon daemon;
  ClientSettings settings;
  settings.annotations = {{"ALLE", "with all"}};
  Proxy proxy = daemon.connect(settings);
  CallOptions options;
  options.annotations = {{"THIS", "with this"}};
  CHECK((proxy.call<std::map<std::string, std::string>>("annotate", "answer", options)) ==
        std::map<std::string, std::string>{{"ALLE", "with all"}, {"THIS", "with this"}});
  CHECK(proxy.response_annotations() == std::vector<Annotation>{{"TEXT", "answer"}});
  CHECK((proxy.call<std::map<std::string, std::string>>("annotate", "")) ==
        std::map<std::string, std::string>{{"ALLE", "with all"}});
  proxy.call("add", 1, 2);
  CHECK(proxy.response_annotations().empty());
  for (const Annotation& unwanted :
       {Annotation{"LONGER", ""}, Annotation{"HMAC", ""}, Annotation{"BIGG", std::string(70000, 'x')}}) {
    CHECK(proxy.invoke("add", {1, 2}, {}, {.annotations = {unwanted}}).error().kind == ClientErrorKind::invalid);
  }
  CHECK(proxy.is_connected());
}

TEST_CASE("pyro4: a handshake value, and a key") {
  const TempDir directory;
  const Daemon daemon({"--key", "secret", "--unix", directory / "s"});
  ClientSettings settings;
  settings.hmac_key = "secret";
  settings.handshake = make_list({"let me in", 1});
  Proxy proxy = daemon.connect(settings);
  CHECK(proxy.handshake_answer() == make_list({"welcome", settings.handshake}));
  CHECK(proxy.call<int>("add", 1, 2) == 3);

  settings.handshake = "stay out";
  const ClientError refused = Proxy::connect(daemon.uri(), settings).error();
  CHECK(refused.kind == ClientErrorKind::refused);
  CHECK(refused.text.ends_with(" rejected the connection: go away"));
}

}  // namespace hearth::test
