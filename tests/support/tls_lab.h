/// TlsLab: a CA, a server's certificate for localhost, and contexts made of them.
/// TlsPeer: a TLS client on a plain blocking socket.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/limits.h"
#include "protocol/tls/tls_context.h"
#include "protocol/tls/tls_engine.h"
#include "tests/support/certificates.h"
#include "tests/support/socket_peer.h"
#include "tests/support/temp_dir.h"

namespace hearth {

struct TlsLab {
  using ContextRef = std::shared_ptr<const TlsContext>;
  using ClientCertificate = TlsContext::ClientCertificate;

  static ContextRef server_with(const TlsFiles& files, ClientCertificate wanted = ClientCertificate::unwanted) {
    auto context = TlsContext::for_server(files, wanted);
    HEARTH_CHECK(context.has_value());
    return std::move(*context);
  }
  static ContextRef client_with(const TlsFiles& files) {
    auto context = TlsContext::for_client(files);
    HEARTH_CHECK(context.has_value());
    return std::move(*context);
  }

  TempDir dir;
  TestAuthority authority{dir.path(), "Lab CA"};
  TlsFiles server_files = authority.issue("server");
  TlsFiles only_trust{{}, {}, {}, authority.file()};
};

class TlsPeer {
 public:
  TlsPeer(std::uint16_t port, std::shared_ptr<const TlsContext> context)
      : socket_(SocketPeer::connected_to(port)),
        engine_(std::move(context), "localhost", port, Limits().tls_handshake_bytes_max) {}

  [[nodiscard]] SocketPeer& socket() { return socket_; }
  [[nodiscard]] TlsEngine& engine() { return engine_; }

  /// True on success, for both.
  bool shake_hands() {
    while (!engine_.is_handshake_done() && flush() && receive_some()) {
    }
    return engine_.is_handshake_done() && flush();
  }
  bool send(std::string_view text) {
    engine_.send(text);
    return flush();
  }
  /// Sends what the engine has to say.
  bool flush() {
    const Bytes output = engine_.take_output();
    return output.empty() || socket_.send(output);
  }

  /// As much as comes before `bytes` are there or the peer ends.
  std::string receive(std::size_t bytes) {
    while (heard_.size() < bytes && receive_some()) {
    }
    std::string taken = heard_.substr(0, bytes);
    heard_.erase(0, bytes);
    return taken;
  }
  /// Whether the next thing that comes is the peer's goodbye.
  bool sees_goodbye() {
    while (heard_.empty() && !engine_.has_peer_finished() && receive_some()) {
    }
    return heard_.empty() && engine_.has_peer_finished();
  }

 private:
  bool receive_some() {
    if (engine_.failure() || engine_.has_peer_finished()) return false;
    const std::string bytes = socket_.receive_some();
    bytes.empty() ? engine_.receive_end() : engine_.receive(bytes, heard_);
    return true;
  }

  SocketPeer socket_;
  TlsEngine engine_;
  std::string heard_;
};

}  // namespace hearth
