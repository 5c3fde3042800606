/// ClientSessions: the TLS sessions that a client can resume, by server. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: any thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "protocol/base/guarded.h"
#include "protocol/tls/openssl.h"

namespace hearth {

class ClientSessions {
 public:
  /// Lets the new connection resume the last session with the server at `place`, if there is one. A ticket is good for one use
  /// (RFC 8446, C.4), so it is forgotten.
  void resume(SSL* connection, const std::string& place);

  /// Keeps the session of a connection that has been ended properly.
  void keep(SSL* connection, const std::string& place);

 private:
  Guarded<std::map<std::string, SessionPtr, std::less<>>> by_place_;
};

}  // namespace hearth
