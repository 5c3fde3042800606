/// SessionSettings: what all sessions of a daemon share.
///
/// Layer: rpc.        Thread rule: that of the sessions.
#pragma once

#include <string>
#include <vector>

#include <hearth/serializer_name.h>

#include "protocol/base/limits.h"
#include "protocol/rpc/message_observer.h"

namespace hearth {

/// Must outlive the sessions, which look at `limits` and `observer` whenever they need them: the owner may change those two while
/// no function of a session is running. The rest is constant.
struct SessionSettings {
  Limits limits;
  std::vector<SerializerName> accepted_serializers{SerializerName::serpent, SerializerName::json,
                                                   SerializerName::marshal, SerializerName::msgpack};
  bool compress_replies = false;  ///< PYRO_COMPRESSION: payloads of 200 bytes and more, where it makes them smaller
  std::string hmac_key;           ///< empty: no HMAC. Set: Pyro5 clients, which cannot sign, are refused
  MessageObserver* observer = nullptr;  ///< is shown every message; nullptr: nobody, at no cost
};

}  // namespace hearth
