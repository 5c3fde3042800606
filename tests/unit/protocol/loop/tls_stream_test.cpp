#include "protocol/loop/tls_stream.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "protocol/loop/tls_acceptor.h"
#include "protocol/tls/openssl.h"
#include "tests/support/accepting.h"
#include "tests/support/recording_events.h"
#include "tests/support/tls_lab.h"

namespace hearth {
namespace {

using ClientCertificate = TlsContext::ClientCertificate;

constexpr std::size_t more_than_kernels_hold = 32U << 20U;

/// An acceptor and its listener on loopback.
struct Bench {
  explicit Bench(TlsLab::ContextRef context)
      : acceptor(loop, limits, std::move(context),
                 [](BytesView first_bytes) { return first_bytes.starts_with("PYRO") ? "speak TLS" : ""; }) {}

  TlsPeer connect(TlsLab::ContextRef context) { return {accepting.port(), std::move(context)}; }

  /// A stream whose handshake is done, and its peer.
  std::unique_ptr<Stream> accept_from(TlsPeer& peer, StreamEvents& events) {
    auto stream = accepting.next();
    stream->start(events);
    bool done = false;
    run_beside(loop, [&] { done = peer.shake_hands(); });
    CHECK(done);
    return stream;
  }

  Loop loop;
  Limits limits;
  TlsAcceptor acceptor;
  Accepting accepting{loop, acceptor.secure(listen_on_loopback(loop))};
};

/// One connection of a server, on which the handshake is done at both ends.
struct Pair {
  Pair() {
    peer.send("first");
    run_until(bench.loop, [this] { return events.received == "first"; });
    events.received.clear();
  }

  TlsLab lab;
  Bench bench{lab.server_with(lab.server_files)};
  TlsPeer peer = bench.connect(lab.client_with(lab.only_trust));
  RecordingEvents events{bench.loop};
  std::unique_ptr<Stream> stream = bench.accept_from(peer, events);
};

/// What lies below when the test wants to be the network.
class FakeBelow final : public Stream {
 public:
  void start(StreamEvents& to) override { events = &to; }
  void pause_reading() override { reading = false; }
  void resume_reading() override { reading = true; }
  void write(Bytes bytes) override {
    written += bytes;
    if (!takes_everything) unsent += bytes.size();
  }
  [[nodiscard]] std::size_t unsent_bytes() const override { return unsent; }
  [[nodiscard]] std::int64_t taken_by_peer() const override { return 0; }
  void finish_writing() override { finished = true; }
  void close() override { events = nullptr; }
  [[nodiscard]] std::string peer_address() const override { return "nowhere"; }
  [[nodiscard]] std::optional<std::uint32_t> peer_uid() const override { return std::nullopt; }
  [[nodiscard]] std::optional<TlsIdentity> tls_identity() const override { return std::nullopt; }

  Bytes take() { return std::exchange(written, Bytes()); }
  void drain() {
    unsent = 0;
    events->on_drained();
  }

  StreamEvents* events = nullptr;
  Bytes written;
  std::size_t unsent = 0;
  bool reading = true;
  bool takes_everything = true;
  bool finished = false;
};

/// A stream without sockets, and the engine at its other end.
template <class MakeStream>
struct Wire {
  Wire(MakeStream make, TlsEngine other) : engine(std::move(other)) {
    auto made = std::make_unique<FakeBelow>();
    below = made.get();
    stream = make(std::move(made));
    stream->start(events);
  }

  /// Until neither has anything to say.
  void run() {
    for (bool is_new = true; is_new;) {
      const Bytes from_engine = engine.take_output();
      if (!from_engine.empty()) below->events->on_bytes(from_engine);
      run_some_turns(loop);
      const Bytes from_stream = below->take();
      if (!from_stream.empty()) engine.receive(from_stream, heard);
      is_new = !from_engine.empty() || !from_stream.empty();
    }
  }

  Loop loop;
  TlsEngine engine;
  Bytes heard;
  RecordingEvents events{loop};
  FakeBelow* below;
  std::unique_ptr<Stream> stream;
};

}  // namespace

TEST_CASE("tls stream: bytes go both ways, and the peer is known by its address") {
  Pair pair;
  CHECK(pair.stream->peer_address() == pair.peer.socket().local_address());
  CHECK(pair.stream->tls_identity() == std::nullopt);
  pair.peer.send("question");
  run_until(pair.bench.loop, [&] { return pair.events.received == "question"; });
  pair.stream->write("answer");
  CHECK(pair.stream->unsent_bytes() == 0);
  CHECK(pair.peer.receive(6) == "answer");
  CHECK(pair.events.drains == 0);
}

TEST_CASE("tls stream: the peer is known by its certificate") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files, ClientCertificate::required));
  TlsPeer peer = bench.connect(lab.client_with(lab.authority.issue("alice", {.common_name = "alice"})));
  RecordingEvents events(bench.loop);
  const auto stream = bench.accept_from(peer, events);
  peer.send("x");
  run_until(bench.loop, [&] { return !events.received.empty(); });
  REQUIRE(stream->tls_identity());
  CHECK(stream->tls_identity()->subject == "CN=alice");
}

TEST_CASE("tls stream: a slow reader gets everything in order, and the end of the queue is reported once") {
  Pair pair;
  const std::string big = pattern_bytes(more_than_kernels_hold);
  pair.stream->write(big);
  pair.stream->write("tail");
  CHECK(pair.stream->unsent_bytes() > 4);
  CHECK(pair.stream->unsent_bytes() < big.size() + 4);  // some went at once
  const std::int64_t taken_before = pair.stream->taken_by_peer();
  run_some_turns(pair.bench.loop);
  CHECK(pair.events.drains == 0);
  std::string received;
  run_beside(pair.bench.loop, [&] { received = pair.peer.receive(big.size() + 4); });
  CHECK((received == big + "tail"));
  run_until(pair.bench.loop, [&] { return pair.events.drains > 0; });
  run_some_turns(pair.bench.loop);
  CHECK(pair.events.drains == 1);
  CHECK(pair.stream->unsent_bytes() == 0);
  CHECK(pair.stream->taken_by_peer() > taken_before);
}

TEST_CASE("tls stream: the peer's goodbye is its end, and it still gets what is written") {
  Pair pair;
  pair.peer.send("last words");
  pair.peer.engine().finish();
  pair.peer.flush();
  run_until(pair.bench.loop, [&] { return pair.events.ends > 0; });
  CHECK(pair.events.received == "last words");
  pair.peer.socket().finish_writing();
  run_some_turns(pair.bench.loop);
  CHECK(pair.events.ends == 1);
  CHECK(pair.events.failures == 0);
  pair.stream->write("answer");
  CHECK(pair.peer.receive(6) == "answer");
}

TEST_CASE("tls stream: a client that ends without a goodbye, as Python's do, has ended all the same") {
  Pair pair;
  pair.peer.send("oneway");
  pair.peer.socket().finish_writing();
  run_until(pair.bench.loop, [&] { return pair.events.ends > 0; });
  CHECK(pair.events.received == "oneway");
  CHECK(pair.events.failures == 0);
}

TEST_CASE("tls stream: in the middle of the handshake that is an error") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files));
  TlsPeer peer = bench.connect(lab.client_with(lab.only_trust));
  const auto stream = bench.accepting.next();
  RecordingEvents events(bench.loop);
  stream->start(events);
  peer.flush();
  peer.socket().finish_writing();
  run_until(bench.loop, [&] { return events.failures > 0; });
  CHECK(events.failure->kind == ErrorKind::disconnected);
  CHECK(events.ends == 0);
}

TEST_CASE("tls stream: finish_writing() says goodbye after everything that was written, and close() at once") {
  Pair pair;
  const std::string big = pattern_bytes(more_than_kernels_hold);
  pair.stream->write(big);
  pair.stream->finish_writing();
  std::string received;
  bool goodbye = false;
  run_beside(pair.bench.loop, [&] {
    received = pair.peer.receive(big.size());
    goodbye = pair.peer.sees_goodbye();
    pair.peer.send("still here");
  });
  CHECK((received == big));
  CHECK(goodbye);
  run_until(pair.bench.loop, [&] { return pair.events.received == "still here"; });

  Pair closing;
  closing.stream->write("last");
  closing.stream->close();
  CHECK(closing.peer.receive(4) == "last");
  CHECK(closing.peer.sees_goodbye());
}

TEST_CASE("tls stream: who speaks no TLS is told so in plain words and refused") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files));
  for (const std::string greeting : {"PYRO and so on", "GET / HTTP/1.0\r\n\r\n", "x"}) {
    CAPTURE(greeting);
    SocketPeer peer = SocketPeer::connected_to(bench.accepting.port());
    const auto stream = bench.accepting.next();
    RecordingEvents events(bench.loop);
    stream->start(events);
    peer.send(greeting);
    run_until(bench.loop, [&] { return events.failures > 0; });
    CHECK(events.failure->kind == ErrorKind::unsupported);
    CHECK(events.received.empty());
    CHECK(peer.receive_until_end() == (greeting.starts_with("PYRO") ? "speak TLS" : ""));
    peer.send("more");
    peer.close();
    run_until(bench.loop, [&] { return events.ends > 0; });
    CHECK(events.received.empty());
  }
}

TEST_CASE("tls stream: a client that we refuse hears why before the connection ends") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files, ClientCertificate::required));
  TlsPeer peer = bench.connect(lab.client_with(lab.only_trust));
  RecordingEvents events(bench.loop);
  const auto stream = bench.accept_from(peer, events);  // a client of TLS 1.3 is done before it is judged
  run_until(bench.loop, [&] { return events.failures > 0; });
  CHECK(events.failure->kind == ErrorKind::malformed);
  CHECK(events.failure->text.starts_with("it shows no certificate"));
  peer.send("what it would have asked");
  CHECK(peer.receive(1).empty());
  REQUIRE(peer.engine().failure());
  CHECK(peer.engine().failure()->fault == TlsFault::own_certificate);
  CHECK(events.received.empty());
}

TEST_CASE("tls stream: a handshake may come byte by byte") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files));
  TlsPeer peer = bench.connect(lab.client_with(lab.only_trust));
  const auto stream = bench.accepting.next();
  RecordingEvents events(bench.loop);
  stream->start(events);
  for (const char byte : peer.engine().take_output()) {
    peer.socket().send({&byte, 1});
    run_some_turns(bench.loop);
  }
  bool done = false;
  run_beside(bench.loop, [&] { done = peer.shake_hands(); });
  CHECK(done);
}

TEST_CASE("tls stream: new certificates are for new connections, who is connected keeps his") {
  TlsLab lab;
  Bench bench(lab.server_with(lab.server_files));
  const TestAuthority other(lab.dir.path(), "Other CA");
  const TlsFiles next = other.issue("next");
  TlsPeer old = bench.connect(lab.client_with(lab.only_trust));
  RecordingEvents events(bench.loop);
  const auto stream = bench.accept_from(old, events);
  bench.acceptor.set_context(lab.server_with(next));
  TlsPeer recent = bench.connect(lab.client_with({{}, {}, {}, other.file()}));
  RecordingEvents recent_events(bench.loop);
  const auto recent_stream = bench.accept_from(recent, recent_events);
  old.send("still here");
  run_until(bench.loop, [&] { return events.received == "still here"; });
}

TEST_CASE("tls stream: the client's side") {
  TlsLab lab;
  const auto client = lab.client_with(lab.only_trust);
  const auto make = [&](std::unique_ptr<Stream> below) {
    return tls_client_stream(std::move(below), client, "localhost", 9090);
  };
  Wire wire(make, TlsEngine(lab.server_with(lab.server_files), 65536));
  wire.stream->write("written before the handshake");
  CHECK(wire.stream->unsent_bytes() == 28);
  wire.run();
  CHECK(wire.heard == "written before the handshake");
  CHECK(wire.stream->unsent_bytes() == 0);
  wire.engine.send("answer");
  wire.run();
  CHECK(wire.events.received == "answer");

  SUBCASE("a cut is an error") {
    wire.below->events->on_end(std::nullopt);
    REQUIRE(wire.events.failure);
    CHECK(wire.events.failure->kind == ErrorKind::disconnected);
    CHECK(wire.events.ends == 0);
  }
  SUBCASE("a goodbye is an end") {
    wire.engine.finish();
    wire.run();
    wire.below->events->on_end(std::nullopt);
    CHECK(wire.events.ends == 1);
    CHECK(wire.events.failures == 0);
  }
  SUBCASE("an error from below is handed on") {
    wire.below->events->on_end(Error{ErrorKind::disconnected, "reset"});
    REQUIRE(wire.events.failure);
    CHECK(wire.events.failure->text == "reset");
    wire.stream->write("into the void");
    CHECK(wire.below->take().empty());
  }
}

TEST_CASE("tls stream: a client says which certificate it does not accept") {
  TlsLab lab;
  const auto client = lab.client_with({});
  const auto make = [&](std::unique_ptr<Stream> below) {
    return tls_client_stream(std::move(below), client, "localhost", 9090);
  };
  Wire wire(make, TlsEngine(lab.server_with(lab.server_files), 65536));
  wire.stream->write("secret");
  wire.run();
  REQUIRE(wire.events.failure);
  CHECK(wire.events.failure->kind == ErrorKind::malformed);
  CHECK(wire.events.failure->text.starts_with("its certificate CN=localhost was issued by CN=Lab CA"));
  CHECK(wire.heard.empty());
  REQUIRE(wire.engine.failure());
  CHECK(wire.engine.failure()->fault == TlsFault::own_certificate);
}

TEST_CASE("tls stream: a long reply is encrypted as the kernel takes it") {
  TlsLab lab;
  const auto client = lab.client_with(lab.only_trust);
  const auto make = [&](std::unique_ptr<Stream> below) {
    return tls_client_stream(std::move(below), client, "localhost", 9090);
  };
  Wire wire(make, TlsEngine(lab.server_with(lab.server_files), 65536));
  wire.run();
  wire.below->takes_everything = false;
  const std::string big = pattern_bytes(1U << 20U);
  wire.stream->write(big);
  CHECK(wire.below->unsent < big.size() / 2);
  CHECK(wire.stream->unsent_bytes() > big.size());
  int drains = 0;
  while (wire.stream->unsent_bytes() > 0) {
    CHECK(wire.events.drains == 0);
    wire.engine.receive(wire.below->take(), wire.heard);
    wire.below->drain();
    ++drains;
  }
  CHECK(drains > 1);
  CHECK(wire.events.drains == 1);
  CHECK((wire.heard == big));
}

TEST_CASE("tls stream: whoever makes us answer without reading is not listened to") {
  TlsLab lab;
  Loop loop;
  const auto context = lab.client_with(lab.only_trust);
  SSL_CTX_set_max_proto_version(context->native(), TLS1_2_VERSION);
  const SslPtr client(SSL_new(context->native()));
  BIO* to_client = BIO_new(BIO_s_mem());
  BIO* from_client = BIO_new(BIO_s_mem());
  SSL_set_bio(client.get(), to_client, from_client);
  SSL_set_connect_state(client.get());
  const auto said_by_client = [&] {
    Bytes said(65536, '\0');
    const int count = BIO_read(from_client, said.data(), static_cast<int>(said.size()));
    said.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return said;
  };

  auto made = std::make_unique<FakeBelow>();
  FakeBelow* below = made.get();
  Limits limits;
  const auto serving = std::make_shared<TlsServing>(loop, limits, nullptr);
  const auto stream = tls_server_stream(std::move(made), lab.server_with(lab.server_files), serving);
  RecordingEvents events(loop);
  stream->start(events);
  while (SSL_do_handshake(client.get()) != 1) {
    below->events->on_bytes(said_by_client());
    run_some_turns(loop);
    const Bytes answer = below->take();
    BIO_write(to_client, answer.data(), static_cast<int>(answer.size()));
  }
  below->events->on_bytes(said_by_client());
  run_some_turns(loop);
  CHECK(below->reading);

  below->takes_everything = false;
  below->unsent = 0;
  SSL_clear_options(client.get(), SSL_OP_NO_RENEGOTIATION);
  REQUIRE(SSL_renegotiate(client.get()) == 1);
  CHECK(SSL_do_handshake(client.get()) != 1);
  below->events->on_bytes(said_by_client());
  CHECK(below->unsent > 0);
  CHECK_FALSE(below->reading);
  below->drain();
  CHECK(below->reading);
  CHECK(events.failures == 0);
}

TEST_CASE("handshake turns: no more of them at a time than the limit, and everybody else in between") {
  Loop loop;
  Limits limits;
  limits.tls_handshakes_per_turn_max = 3;
  HandshakeTurns turns(loop, limits);
  std::string order;
  struct Step final : HandshakeTurns::Waiting {
    explicit Step(std::string& to) : order(to) {}
    void take_turn() override { order += 'h'; }
    std::string& order;
  };
  std::vector<std::unique_ptr<Step>> steps;
  for (int i = 0; i < 9; ++i) {
    steps.push_back(std::make_unique<Step>(order));
    turns.ask(*steps.back());
  }
  turns.forget(*steps[4]);
  turns.forget(*steps[4]);
  std::optional<Waker> others;
  others.emplace(loop, [&] {
    order += '.';
    std::count(order.begin(), order.end(), 'h') == 8 ? loop.stop() : others->wake();
  });
  others->keep_loop_alive(true);
  others->wake();
  loop.run();
  CHECK(std::count(order.begin(), order.end(), 'h') == 8);
  CHECK(order.find("hhhh") == std::string::npos);
  others.reset();
}

}  // namespace hearth
