// Item streams of a real Pyro4 object: gone through, given up, and failing in the middle.
#include <doctest/doctest.h>

#include "tests/pyro4/programs.h"

namespace hearth::test {

TEST_CASE("pyro4: an item stream is a range") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    CAPTURE(to_string(name));
    Proxy proxy = daemon.connect(speaking(name));
    std::vector<int> numbers;
    for (const int number : proxy.stream<int>("count_to", 5)) {
      numbers.push_back(number);
      CHECK(proxy.call<int>("add", number, 1) == number + 1);  // other calls may be made in between
    }
    CHECK(numbers == std::vector<int>{1, 2, 3, 4, 5});
    for (const int number : proxy.stream<int>("count_to", 0)) FAIL("an item: ", number);
  }
}

TEST_CASE("pyro4: an item stream that is given up is closed at the server") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  for (const int number : proxy.stream<int>("count_to", 1000)) {
    if (number == 3) break;
  }
  CHECK(proxy.call<int>("streams_closed", 1) == 1);

  auto first = or_throw(proxy.open_stream("count_to", {1000}));
  CHECK(or_throw(first.next()) == Value(1));
  first = or_throw(proxy.open_stream("count_to", {1000}));
  CHECK(proxy.call<int>("streams_closed", 2) == 2);
  CHECK(or_throw(first.next()) == Value(1));
  first.close();
  CHECK(proxy.call<int>("streams_closed", 3) == 3);
  CHECK(or_throw(first.next()) == std::nullopt);
}

TEST_CASE("pyro4: an iterator that raises ends its stream") {
  const Daemon daemon;
  for (const SerializerName name : all_serializers) {
    Proxy proxy = daemon.connect(speaking(name));
    auto stream = or_throw(proxy.open_stream("fail_after", {2}));
    CHECK(or_throw(stream.next()) == Value(0));
    CHECK(or_throw(stream.next()) == Value(1));
    const ClientError error = stream.next().error();
    CHECK(error.kind == ClientErrorKind::remote);
    CHECK(error.text == "ValueError: no more of this");
    CHECK(or_throw(stream.next()) == std::nullopt);

    std::vector<int> numbers;
    CHECK_THROWS_WITH_AS(for (const int number
                              : proxy.stream<int>("fail_after", 2)) numbers.push_back(number),
                         "ValueError: no more of this", RemoteError);
    CHECK(numbers == std::vector<int>{0, 1});
  }
}

TEST_CASE("pyro4: items of another type, and results that are no streams") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  CHECK_THROWS_WITH_AS(for (const std::string& text
                            : proxy.stream<std::string>("count_to", 2)) FAIL(text),
                       "item 0 of the stream: expected str, got int 1", ClientException);
  CHECK(proxy.call<int>("streams_closed", 1) == 1);
  CHECK(proxy.open_stream("add", {1, 2}).error().text == "the result of add() is no item stream, but of type int");
  CHECK(proxy.invoke("count_to", {2}).error().text == "the result of count_to() is an item stream");
  CHECK(proxy.call<int>("streams_closed", 2) == 2);
}

TEST_CASE("pyro4: a stream does not outlive its connection or its proxy") {
  const Daemon daemon;
  auto proxy = std::make_unique<Proxy>(daemon.connect());
  auto stream = or_throw(proxy->open_stream("count_to", {10}));
  proxy->release();
  CHECK(stream.next().error().kind == ClientErrorKind::unreachable);

  auto other = or_throw(proxy->open_stream("count_to", {10}));
  proxy.reset();
  CHECK(or_throw(other.next()) == std::nullopt);
}

}  // namespace hearth::test
