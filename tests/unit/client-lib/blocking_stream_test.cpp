// Connecting, reading and writing with deadlines, against sockets that do what good and bad servers do.
#include "client-lib/src/blocking_stream.h"

#include <doctest/doctest.h>

#include <future>

#include "tests/support/temp_dir.h"
#include "tests/unit/client-lib/loopback_server.h"

namespace hearth::test {
namespace {

constexpr std::uint32_t short_ms = 20;
constexpr std::uint32_t long_ms = 60000;

tl::expected<BlockingStream, ConnectError> connect_to(const Uri& uri) {
  return BlockingStream::connect(uri, 4, Deadline::after_ms(long_ms));
}

ConnectError connect_error(const Uri& uri) {
  const auto stream = connect_to(uri);
  REQUIRE_FALSE(stream.has_value());
  return stream.error();
}

Uri at(const std::string& location) { return parse_uri("PYRO:x@" + location).value(); }

Result<std::string> read_some(BlockingStream& stream, std::uint32_t wait_ms) {
  std::string bytes(64U << 10U, '\0');
  const auto count = stream.read(bytes, Deadline::after_ms(wait_ms));
  if (!count) return tl::unexpected<Error>(count.error());
  bytes.resize(*count);
  return bytes;
}

/// Everything until the other side closes.
std::string read_all(BlockingStream& stream) {
  std::string all;
  for (;;) {
    const auto bytes = read_some(stream, long_ms);
    if (!bytes) {
      CHECK(bytes.error().kind == ErrorKind::disconnected);
      return all;
    }
    all += *bytes;
  }
}

void echo(LoopbackPeer& peer) {
  for (std::string bytes = peer.receive(); !bytes.empty() && bytes.back() != '.'; bytes = peer.receive())
    peer.send(bytes);
}

}  // namespace

TEST_CASE("blocking stream: bytes go both ways over TCP and Unix sockets") {
  const TempDir directory;
  LoopbackServer tcp({echo});
  LoopbackServer local(directory / "s", {echo});
  for (const Uri& uri : {tcp.uri(), local.uri()}) {
    auto stream = connect_to(uri);
    REQUIRE_MESSAGE(stream.has_value(), stream.error().text);
    REQUIRE(stream->write("hello", Deadline::after_ms(long_ms)).has_value());
    CHECK(read_some(*stream, 0).value() == "hello");
    REQUIRE(stream->write(".", Deadline::after_ms(long_ms)).has_value());
    CHECK(read_all(*stream).empty());
  }
}

TEST_CASE("blocking stream: more than the buffers between the two hold") {
  const std::string big(20U << 20U, 'x');
  LoopbackServer server({[&big](LoopbackPeer& peer) {
    std::size_t received = 0;
    while (received < big.size()) received += peer.receive().size();
    peer.send(big);
  }});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  REQUIRE(stream->write(big, Deadline::after_ms(long_ms)).has_value());
  CHECK(read_all(*stream) == big);
}

TEST_CASE("blocking stream: idle until something comes or the other side ends it") {
  std::promise<void> asked;
  LoopbackServer server({[&asked](LoopbackPeer& peer) {
                           asked.get_future().wait();
                           peer.send("unasked");
                           peer.wait_for_end();
                         },
                         [](LoopbackPeer&) {}});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  CHECK(stream->is_idle());
  asked.set_value();
  CHECK(read_some(*stream, long_ms).value().starts_with("u"));
  stream->close();
  CHECK_FALSE(stream->is_open());

  auto ended = connect_to(server.uri());
  REQUIRE(ended.has_value());
  CHECK(read_some(*ended, long_ms).error().kind == ErrorKind::disconnected);
  CHECK_FALSE(ended->is_idle());
}

TEST_CASE("blocking stream: nobody there") {
  const LoopbackServer deaf(std::vector<LoopbackServer::Handler>{});
  const ConnectError refused = connect_error(deaf.uri());
  CHECK(refused.kind == ErrorKind::disconnected);
  CHECK(refused.outcome == StepOutcome::refused);
  CHECK(refused.text == deaf.place() + " refused the connection");

  const TempDir directory;
  const std::string path = directory / "none";
  CHECK(connect_error(at("./u:" + path)).text == "./u:" + path + " does not exist");
  CHECK(connect_error(at("./u:" + path)).outcome == StepOutcome::no_socket);
  CHECK(connect_error(at("./u:/" + std::string(200, 'x'))).kind == ErrorKind::malformed);
  CHECK(connect_error(at("127.0.0.1:70000")).kind == ErrorKind::malformed);
  CHECK(connect_error(at("127.0.0.1:70000")).outcome == StepOutcome::impossible);
  const ConnectError unknown = connect_error(at("name.invalid:1"));
  CHECK(unknown.text.starts_with("the host name name.invalid cannot be resolved"));
  CHECK(unknown.outcome == StepOutcome::host_unknown);
  CHECK(unknown.detail == unknown.text);
}

TEST_CASE("blocking stream: a silent server costs no more than the deadline") {
  LoopbackServer server({[](LoopbackPeer& peer) { peer.wait_for_end(); }});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  const auto bytes = read_some(*stream, short_ms);
  REQUIRE_FALSE(bytes.has_value());
  CHECK(bytes.error().kind == ErrorKind::timeout);
  CHECK(bytes.error().text == server.place() + " did not answer in time");
}

TEST_CASE("blocking stream: every read waits for its own time, whatever the one before it was given") {
  LoopbackServer server({echo});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  for (const std::uint32_t patience_ms : {0U, long_ms}) {
    REQUIRE(stream->write("hello", Deadline::after_ms(long_ms)).has_value());
    CHECK(read_some(*stream, patience_ms).value() == "hello");
    CHECK(read_some(*stream, short_ms).error().kind == ErrorKind::timeout);
  }
  REQUIRE(stream->write(".", Deadline::after_ms(long_ms)).has_value());
  CHECK(read_all(*stream).empty());
}

TEST_CASE("blocking stream: nor does one that does not read") {
  std::promise<void> given_up;
  LoopbackServer server({[&given_up](LoopbackPeer&) { given_up.get_future().wait(); }});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  const auto written = stream->write(std::string(64U << 20U, 'x'), Deadline::after_ms(short_ms));
  given_up.set_value();
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().kind == ErrorKind::timeout);
}

TEST_CASE("blocking stream: a server that hangs up") {
  LoopbackServer server({[](LoopbackPeer& peer) { peer.send("half"); }});
  auto stream = connect_to(server.uri());
  REQUIRE(stream.has_value());
  CHECK(read_all(*stream) == "half");
}

}  // namespace hearth::test
