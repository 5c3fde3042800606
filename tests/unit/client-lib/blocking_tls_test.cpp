// The same over TLS: who is trusted, and what is said when it does not come about.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client-lib/src/blocking_stream.h"
#include "tests/support/tls_lab.h"
#include "tests/unit/client-lib/loopback_server.h"

namespace hearth::test {
namespace {

constexpr std::uint32_t short_ms = 20;
constexpr std::uint32_t long_ms = 60000;

using ContextRef = TlsLab::ContextRef;

/// Sends back what it hears, until either side has said goodbye; whether the session was resumed goes to `resumed`.
LoopbackServer::Handler echo_with(const ContextRef& context, std::vector<bool>* resumed = nullptr) {
  return [context, resumed](LoopbackPeer& peer) {
    TlsEngine engine(context, Limits().tls_handshake_bytes_max);
    Bytes heard;
    while (!engine.failure() && !engine.has_peer_finished()) {
      const std::string bytes = peer.receive();
      bytes.empty() ? engine.receive_end() : engine.receive(bytes, heard);
      if (heard == "cut!") return;
      if (!heard.empty()) engine.send(std::exchange(heard, {}));
      if (engine.has_peer_finished()) engine.finish();
      peer.send(engine.take_output());
    }
    if (resumed != nullptr) resumed->push_back(engine.is_resumed());
  };
}

tl::expected<BlockingStream, ConnectError> connect_to(const Uri& uri, const ContextRef& context,
                                                      std::uint32_t wait_ms = long_ms) {
  return BlockingStream::connect(uri, 4, Deadline::after_ms(wait_ms), context);
}

Result<std::string> read_some(BlockingStream& stream) {
  std::string bytes(1000, '\0');  // less than a record of TLS holds
  const auto count = stream.read(bytes, Deadline::after_ms(long_ms));
  if (!count) return tl::unexpected<Error>(count.error());
  bytes.resize(*count);
  return bytes;
}

std::string answer_to(BlockingStream& stream, const std::string& question) {
  REQUIRE(stream.write(question, Deadline::after_ms(long_ms)).has_value());
  std::string answer;
  while (answer.size() < question.size()) {
    const auto bytes = read_some(stream);
    REQUIRE_MESSAGE(bytes.has_value(), bytes.error().text);
    answer += *bytes;
  }
  return answer;
}

}  // namespace

TEST_CASE("blocking stream over TLS: bytes go both ways, and the session is resumed") {
  TlsLab lab;
  const ContextRef server = TlsLab::server_with(lab.server_files);
  const ContextRef client = TlsLab::client_with(lab.only_trust);
  std::vector<bool> resumed;
  {
    const LoopbackServer listening({echo_with(server, &resumed), echo_with(server, &resumed)});
    for (int i = 0; i < 2; ++i) {
      auto stream = connect_to(listening.uri(), client);
      REQUIRE_MESSAGE(stream.has_value(), stream.error().text);
      CHECK(answer_to(*stream, "hello") == "hello");
      const std::string big(1U << 20U, 'x');
      CHECK((answer_to(*stream, big) == big));
      CHECK_FALSE(stream->tls_failure());
      CHECK(stream->is_idle());
    }
  }
  CHECK(resumed == std::vector<bool>{false, true});
}

TEST_CASE("blocking stream over TLS: a certificate that is not trusted") {
  TlsLab lab;
  const LoopbackServer listening({echo_with(TlsLab::server_with(lab.server_files))});
  const auto stream = connect_to(listening.uri(), TlsLab::client_with({}));
  REQUIRE_FALSE(stream.has_value());
  CHECK(stream.error().kind == ErrorKind::unsupported);
  CHECK(stream.error().outcome == StepOutcome::certificate_bad);
  CHECK(stream.error().text.starts_with(
      listening.place() + ": its certificate CN=localhost was issued by CN=Lab CA, which is not trusted"));
  CHECK(stream.error().detail.starts_with("its certificate CN=localhost"));
}

TEST_CASE("blocking stream over TLS: a server without it") {
  TlsLab lab;
  const LoopbackServer listening({[](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    peer.send("PYRO, and so on");
  }});
  const auto stream = connect_to(listening.uri(), TlsLab::client_with(lab.only_trust));
  REQUIRE_FALSE(stream.has_value());
  CHECK(stream.error().outcome == StepOutcome::tls_unwanted);
  CHECK(stream.error().text == listening.place() + ": it does not speak TLS");
}

TEST_CASE("blocking stream over TLS: a server that hangs up, and one that says nothing") {
  TlsLab lab;
  const ContextRef client = TlsLab::client_with(lab.only_trust);
  const LoopbackServer listening({[](LoopbackPeer&) {}, [](LoopbackPeer& peer) { peer.wait_for_end(); }});
  const auto hung_up = connect_to(listening.uri(), client);
  REQUIRE_FALSE(hung_up.has_value());
  CHECK(hung_up.error().kind == ErrorKind::disconnected);
  CHECK(hung_up.error().outcome == StepOutcome::hung_up);
  const auto silent = connect_to(listening.uri(), client, short_ms);
  REQUIRE_FALSE(silent.has_value());
  CHECK(silent.error().kind == ErrorKind::timeout);
  CHECK(silent.error().outcome == StepOutcome::silent);
}

TEST_CASE(
    "blocking stream over TLS: a server that wants a client certificate says so when it has seen that there is none") {
  TlsLab lab;
  const LoopbackServer listening(
      {echo_with(TlsLab::server_with(lab.server_files, TlsContext::ClientCertificate::required))});
  auto stream = connect_to(listening.uri(), TlsLab::client_with(lab.only_trust));
  REQUIRE(stream.has_value());
  const auto bytes = read_some(*stream);
  REQUIRE_FALSE(bytes.has_value());
  CHECK(bytes.error().kind == ErrorKind::unsupported);
  CHECK(bytes.error().text.starts_with(listening.place() + ": it requires a client certificate"));
  REQUIRE(stream->tls_failure());
  CHECK(stream->tls_failure()->fault == TlsFault::own_certificate);
  CHECK_FALSE(stream->write("more", Deadline::after_ms(long_ms)).has_value());
}

TEST_CASE("blocking stream over TLS: it is idle when only TLS itself has something to say") {
  TlsLab lab;
  const ContextRef server = TlsLab::server_with(lab.server_files);
  const LoopbackServer listening({[&](LoopbackPeer& peer) {
    TlsEngine engine(server, Limits().tls_handshake_bytes_max);
    Bytes heard;
    while (heard.empty()) {
      engine.receive(peer.receive(), heard);
      peer.send(engine.take_output());
    }
    engine.send("an answer that nobody has asked for");
    engine.finish();
    peer.send(engine.take_output());
    peer.wait_for_end();
  }});
  auto stream = connect_to(listening.uri(), TlsLab::client_with(lab.only_trust));
  REQUIRE(stream.has_value());
  CHECK(stream->is_idle());  // its tickets may have come or not
  REQUIRE(stream->write("?", Deadline::after_ms(long_ms)).has_value());
  const auto deadline = Deadline::after_ms(long_ms);
  while (stream->is_idle() && deadline.left_ms() > 0) std::this_thread::yield();
  CHECK_FALSE(stream->is_idle());
  CHECK(*read_some(*stream) == "an answer that nobody has asked for");
  CHECK_FALSE(stream->is_idle());  // it has said goodbye
  stream->close();
  CHECK_FALSE(stream->is_open());
}

TEST_CASE("blocking stream over TLS: a connection that is cut is no orderly end") {
  TlsLab lab;
  const LoopbackServer listening({echo_with(TlsLab::server_with(lab.server_files))});
  auto stream = connect_to(listening.uri(), TlsLab::client_with(lab.only_trust));
  REQUIRE(stream.has_value());
  REQUIRE(stream->write("cut!", Deadline::after_ms(long_ms)).has_value());
  const auto bytes = read_some(*stream);
  REQUIRE_FALSE(bytes.has_value());
  CHECK(bytes.error().kind == ErrorKind::disconnected);
  CHECK(bytes.error().text == listening.place() + ": the connection was cut");
}

}  // namespace hearth::test
