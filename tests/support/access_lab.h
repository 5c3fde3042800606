/// AccessLab: access rules with one token, of alice, and the peers that tests of them speak of.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "nameserver/access/access_file.h"
#include "protocol/base/check.h"

namespace hearth::test {

class AccessLab {
 public:
  explicit AccessLab(const std::string& text) {
    auto rules = parse_access(*token_line("alice", token_) + "\n" + text, "access.conf");
    HEARTH_CHECK(rules.has_value());
    rules_ = std::make_shared<const AccessRules>(std::move(*rules));
  }

  [[nodiscard]] const std::shared_ptr<const AccessRules>& rules() const { return rules_; }

  [[nodiscard]] Peer peer(std::string_view who) const {
    Peer peer;
    peer.address = "192.0.2.7:50123";
    if (who == "wrong token") peer.handshake = "not " + token_;
    if (who == "alice" || who == "alice nearby") peer.handshake = token_;
    if (who == "neighbour" || who == "alice nearby") peer.address = "198.51.100.7:50123";
    if (who == "far neighbour") peer.address = "198.51.100.207:50123";
    if (who == "bob") {
      peer.tls_subject = "CN=bob,O=Lab";
      peer.tls_common_name = "bob";
    }
    if (who == "user") {
      peer.address = "unix socket";
      peer.uid = 1000;
    }
    return peer;
  }

 private:
  std::string token_ = make_token();
  std::shared_ptr<const AccessRules> rules_;
};

}  // namespace hearth::test
