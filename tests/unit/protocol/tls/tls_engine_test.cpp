#include "protocol/tls/tls_engine.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <functional>
#include <string>

#include "protocol/base/check.h"
#include "tests/support/exact_bytes.h"
#include "tests/support/tls_lab.h"

namespace hearth {
namespace {

using ContextRef = TlsLab::ContextRef;
using ClientCertificate = TlsContext::ClientCertificate;

constexpr std::size_t handshake_bytes_max = 64U << 10U;

/// The two ends of one connection, and what each has heard.
struct Talk {
  Talk(ContextRef server_context, ContextRef client_context, const std::string& host = "localhost")
      : server(std::move(server_context), handshake_bytes_max),
        client(std::move(client_context), host, 9090, handshake_bytes_max) {}

  /// Carries over what lies ready, until neither says anything. `carry` brings bytes to one side, in whatever pieces.
  using Carry = std::function<void(TlsEngine& to, BytesView bytes, Bytes& heard)>;
  void run(const Carry& carry = [](TlsEngine& to, BytesView bytes, Bytes& heard) { to.receive(bytes, heard); }) {
    for (;;) {
      const Bytes from_client = client.take_output();
      if (!from_client.empty()) carry(server, from_client, heard_by_server);
      const Bytes from_server = server.take_output();
      if (!from_server.empty()) carry(client, from_server, heard_by_client);
      if (from_client.empty() && from_server.empty()) return;
    }
  }

  TlsEngine server;
  TlsEngine client;
  Bytes heard_by_server;
  Bytes heard_by_client;
};

void limit_version(const ContextRef& context, int version) {
  HEARTH_CHECK(SSL_CTX_set_max_proto_version(context->native(), version) == 1);
}

TlsFault fault_of(const TlsEngine& engine) {
  REQUIRE(engine.failure());
  return engine.failure()->fault;
}

bool says(const TlsEngine& engine, const std::string& part) {
  REQUIRE(engine.failure());
  CAPTURE(engine.failure()->text);
  return engine.failure()->text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("tls engine: both ways, until both have said goodbye, with 1.3 and with 1.2") {
  TlsLab lab;
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    CAPTURE(version);
    const ContextRef client_context = TlsLab::client_with(lab.only_trust);
    limit_version(client_context, version);
    Talk talk(TlsLab::server_with(lab.server_files), client_context);
    CHECK_FALSE(talk.server.is_handshake_done());
    talk.run();
    REQUIRE(talk.server.is_handshake_done());
    REQUIRE(talk.client.is_handshake_done());
    CHECK(talk.server.peer_identity() == std::nullopt);
    talk.client.send("question");
    talk.run();
    CHECK(talk.heard_by_server == "question");
    const Bytes long_answer(100000, 'a');
    talk.server.send(long_answer);
    talk.run();
    CHECK((talk.heard_by_client == long_answer));

    talk.client.finish();
    talk.run();
    CHECK(talk.server.has_peer_finished());
    talk.server.receive_end();
    CHECK_FALSE(talk.server.failure());
    talk.server.send(" and more");  // it has only said that it sends no more
    talk.server.finish();
    talk.run();
    CHECK((talk.heard_by_client == long_answer + " and more"));
    CHECK(talk.client.has_peer_finished());
  }
}

TEST_CASE("tls engine: wherever the bytes of either side are cut, the same is heard") {
  TlsLab lab;
  const ContextRef server_context = TlsLab::server_with(lab.server_files);
  const ContextRef client_context = TlsLab::client_with(lab.only_trust);
  for (const bool is_cut_to_server : {true, false}) {
    std::size_t length = 2;
    for (std::size_t cut = 1; cut < length; ++cut) {
      Talk talk(server_context, client_context, "127.0.0.1");
      std::size_t carried = 0;
      const auto carry = [&](TlsEngine& to, BytesView bytes, Bytes& heard) {
        const bool is_cut_here =
            (&to == &talk.server) == is_cut_to_server && carried < cut && cut < carried + bytes.size();
        const std::size_t first = is_cut_here ? cut - carried : bytes.size();
        if ((&to == &talk.server) == is_cut_to_server) carried += bytes.size();
        to.receive(ExactBytes(bytes.substr(0, first)).view(), heard);
        if (is_cut_here) to.receive(ExactBytes(bytes.substr(first)).view(), heard);
      };
      talk.run(carry);
      REQUIRE(talk.server.is_handshake_done());
      REQUIRE(talk.client.is_handshake_done());
      talk.client.send("from the client");
      talk.server.send("from the server");
      talk.client.finish();
      talk.server.finish();
      talk.run(carry);
      REQUIRE(talk.heard_by_server == "from the client");
      REQUIRE(talk.heard_by_client == "from the server");
      REQUIRE(talk.server.has_peer_finished());
      REQUIRE(talk.client.has_peer_finished());
      length = carried;
    }
    CHECK(length > 300);
  }
}

TEST_CASE("tls engine: byte by byte") {
  TlsLab lab;
  Talk talk(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust));
  const auto carry = [](TlsEngine& to, BytesView bytes, Bytes& heard) {
    for (const char byte : bytes) to.receive({&byte, 1}, heard);
  };
  talk.run(carry);
  REQUIRE(talk.server.is_handshake_done());
  talk.client.send("slow");
  talk.run(carry);
  CHECK(talk.heard_by_server == "slow");
}

TEST_CASE("tls engine: without a goodbye it was cut off") {
  TlsLab lab;
  Talk talk(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust));
  talk.server.receive_end();
  CHECK(fault_of(talk.server) == TlsFault::cut);
  CHECK(says(talk.server, "during the TLS handshake"));

  Talk other(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust));
  other.run();
  other.server.send("the beginning");
  other.run();
  other.client.receive_end();
  CHECK(fault_of(other.client) == TlsFault::cut);
  CHECK(other.heard_by_client == "the beginning");
}

TEST_CASE("tls engine: bytes changed on the way are an error, which the other side is told") {
  TlsLab lab;
  Talk talk(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust));
  talk.run();
  talk.client.send("register");
  Bytes changed = talk.client.take_output();
  changed.back() = static_cast<char>(changed.back() ^ 1);
  talk.server.receive(changed, talk.heard_by_server);
  CHECK(talk.heard_by_server.empty());
  CHECK(fault_of(talk.server) == TlsFault::broken);
  talk.run();
  CHECK(fault_of(talk.client) == TlsFault::broken);
  CHECK(says(talk.client, "bad record mac"));
}

TEST_CASE("tls engine: what is no TLS is called so, on either side") {
  TlsLab lab;
  Talk talk(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust));
  talk.server.receive("GET / HTTP/1.1\r\n\r\n", talk.heard_by_server);
  CHECK(fault_of(talk.server) == TlsFault::not_tls);
  CHECK(talk.server.take_output().empty());
  talk.client.receive(std::string("PYRO\0\x30\0\x03", 8), talk.heard_by_client);
  CHECK(fault_of(talk.client) == TlsFault::not_tls);
}

TEST_CASE("tls engine: a client accepts only the certificate of the host it wanted, and says what is wrong") {
  TlsLab lab;
  const TestAuthority other(lab.dir.path(), "Other CA");
  struct Case {
    TlsFiles server;
    std::string host;
    std::string text;
    std::string told_to_server;
  };
  const Case cases[] = {
      {other.issue("unknown"), "localhost",
       "its certificate CN=localhost was issued by CN=Other CA, which is not trusted",
       "it does not trust the CA of our certificate CN=localhost ("},
      {make_self_signed(lab.dir.path(), "alone"), "localhost", "CN=localhost is signed by itself and not trusted",
       "it does not trust the CA of our certificate"},
      {lab.authority.issue("old", {.valid_from_days = -20, .valid_until_days = -10}), "localhost",
       "its certificate CN=localhost has expired on 20", "which has expired on 20"},
      {lab.authority.issue("new", {.valid_from_days = 10}), "localhost",
       "its certificate CN=localhost is not valid before 20", "which is not valid before 20"},
      {lab.authority.issue("elsewhere", {.common_name = "ns", .hosts = "DNS:ns.example,IP:192.0.2.7"}), "localhost",
       "its certificate CN=ns is not for localhost, but for DNS:ns.example, IP Address:192.0.2.7", "bad certificate"},
      {lab.authority.issue("here"), "127.0.0.2", "is not for 127.0.0.2, but for DNS:localhost", "bad certificate"},
      {lab.authority.issue("nameless", {.common_name = "ns", .hosts = ""}), "localhost",
       "is not for localhost, but for the name in its subject only", "bad certificate"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    Talk talk(TlsLab::server_with(each.server), TlsLab::client_with(lab.only_trust), each.host);
    talk.run();
    CHECK(fault_of(talk.client) == TlsFault::peer_certificate);
    CHECK(says(talk.client, each.text));
    CHECK(fault_of(talk.server) == TlsFault::own_certificate);
    CHECK(says(talk.server, each.told_to_server));
  }
}

TEST_CASE("tls engine: names, addresses, and a certificate that is trusted by itself") {
  TlsLab lab;
  for (const std::string host : {"localhost", "127.0.0.1", "::1"}) {
    CAPTURE(host);
    Talk talk(TlsLab::server_with(lab.server_files), TlsLab::client_with(lab.only_trust), host);
    talk.run();
    CHECK(talk.client.is_handshake_done());
  }
  const TlsFiles alone = make_self_signed(lab.dir.path(), "alone");
  Talk talk(TlsLab::server_with(alone), TlsLab::client_with({{}, {}, {}, alone.certificate}));
  talk.run();
  CHECK(talk.client.is_handshake_done());
}

TEST_CASE("tls engine: a required client certificate tells who the client is") {
  TlsLab lab;
  const ContextRef server = TlsLab::server_with(lab.server_files, ClientCertificate::required);
  const TlsFiles alice =
      lab.authority.issue("alice", {.common_name = "alice", .organisation = "Lab, Inc.", .hosts = ""});
  Talk talk(server, TlsLab::client_with(alice));
  talk.run();
  REQUIRE(talk.server.peer_identity());
  CHECK(talk.server.peer_identity()->subject == "CN=alice,O=Lab\\, Inc.");
  CHECK(talk.server.peer_identity()->common_name == "alice");
  CHECK(talk.server.ignored_certificate().empty());
}

TEST_CASE("tls engine: a client without a good certificate is refused where one is required") {
  TlsLab lab;
  const ContextRef server = TlsLab::server_with(lab.server_files, ClientCertificate::required);
  const TestAuthority other(lab.dir.path(), "Other CA");
  TlsFiles stranger = other.issue("stranger", {.common_name = "stranger"});
  stranger.authorities = lab.authority.file();
  const TlsFiles expired =
      lab.authority.issue("old", {.common_name = "old", .valid_from_days = -9, .valid_until_days = -2});
  struct Case {
    TlsFiles client;
    std::string text;
    std::string told_to_client;
  };
  const Case cases[] = {
      {lab.only_trust, "it shows no certificate, which this server requires", "it requires a client certificate"},
      {stranger,
       "its certificate CN=stranger was issued by CN=Other CA, which is not trusted: add that CA to ssl-cacerts",
       "it does not trust the CA of our certificate CN=stranger ("},
      {expired, "its certificate CN=old has expired on", "it does not accept our certificate CN=old ("},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    Talk talk(server, TlsLab::client_with(each.client));
    talk.run();
    CHECK(fault_of(talk.server) == TlsFault::peer_certificate);
    CHECK(says(talk.server, each.text));
    CHECK(fault_of(talk.client) == TlsFault::own_certificate);
    CHECK(says(talk.client, each.told_to_client));
  }
}

TEST_CASE(
    "tls engine: with an optional client certificate a bad one counts as none, also when its session is resumed") {
  TlsLab lab;
  const TestAuthority other(lab.dir.path(), "Other CA");
  TlsFiles stranger = other.issue("stranger", {.common_name = "stranger"});
  stranger.authorities = lab.authority.file();
  const ContextRef server = TlsLab::server_with(lab.server_files, ClientCertificate::optional);
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    CAPTURE(version);
    const auto identity_of = [&](const TlsFiles& files, bool has_ignored) {
      const ContextRef client = TlsLab::client_with(files);
      limit_version(client, version);
      std::optional<TlsIdentity> identity;
      for (const bool is_second : {false, true}) {
        Talk talk(server, client);
        talk.run();
        REQUIRE(talk.server.is_handshake_done());
        CHECK(talk.server.is_resumed() == is_second);
        if (!is_second) CHECK(talk.server.ignored_certificate().empty() != has_ignored);
        if (is_second) {
          REQUIRE(talk.server.peer_identity().has_value() == identity.has_value());
          if (identity) CHECK(talk.server.peer_identity()->subject == identity->subject);
        }
        identity = talk.server.peer_identity();
        talk.client.finish();
      }
      return identity;
    };
    CHECK_FALSE(identity_of(lab.only_trust, false));
    CHECK_FALSE(identity_of(stranger, true));
    const auto alice = identity_of(lab.authority.issue("alice", {.common_name = "alice"}), false);
    REQUIRE(alice);
    CHECK(alice->common_name == "alice");
  }
}

TEST_CASE("tls engine: a session is resumed once for each ticket, with the same server only") {
  TlsLab lab;
  const ContextRef server = TlsLab::server_with(lab.server_files);
  const ContextRef client = TlsLab::client_with(lab.only_trust);
  const auto is_resumed = [&](const ContextRef& with, const std::string& host) {
    Talk talk(with, client, host);
    talk.run();
    REQUIRE(talk.client.is_handshake_done());
    talk.client.finish();
    CHECK(talk.client.is_resumed() == talk.server.is_resumed());
    return talk.client.is_resumed();
  };
  CHECK_FALSE(is_resumed(server, "localhost"));
  CHECK(is_resumed(server, "localhost"));
  CHECK(is_resumed(server, "localhost"));
  CHECK_FALSE(is_resumed(server, "127.0.0.1"));
  CHECK_FALSE(is_resumed(TlsLab::server_with(lab.server_files), "localhost"));  // its certificates have been read anew
}

TEST_CASE("tls engine: versions that are not safe any more are refused") {
  TlsLab lab;
  const ContextRef client = TlsLab::client_with(lab.only_trust);
  SSL_CTX_set_security_level(client->native(), 0);
  SSL_CTX_set_min_proto_version(client->native(), TLS1_VERSION);
  limit_version(client, TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(client->native(), "ALL:@SECLEVEL=0");
  Talk talk(TlsLab::server_with(lab.server_files), client);
  talk.run();
  CHECK(fault_of(talk.server) == TlsFault::nothing_in_common);
  CHECK(fault_of(talk.client) == TlsFault::nothing_in_common);
}

TEST_CASE("tls engine: a handshake that does not end is refused") {
  TlsLab lab;
  TlsEngine server(TlsLab::server_with(lab.server_files), 20000);
  Bytes heard;
  // A ClientHello of 128 KiB in records of 16 KiB.
  const Bytes record_head("\x16\x03\x01\x40\x00", 5);
  server.receive(record_head + Bytes("\x01\x01\xff\xff\x03\x03", 6) + Bytes(16384 - 6, 'x'), heard);
  CHECK_FALSE(server.failure());
  server.receive(record_head + Bytes(16384, 'x'), heard);
  CHECK(fault_of(server) == TlsFault::broken);
  CHECK(says(server, "longer than 20000 bytes"));
}

}  // namespace hearth
