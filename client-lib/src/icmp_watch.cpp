#include "client-lib/src/icmp_watch.h"

#include <ctime>  // linux/errqueue.h needs timespec and does not include it

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <array>

namespace hearth {
namespace {

/// "Port unreachable" is what UDP answers; for TCP only a firewall sends it, nft's `reject` for one.
bool is_from_firewall(const sock_extended_err& error) {
  if (error.ee_origin == SO_EE_ORIGIN_ICMP) {
    const bool is_prohibited =
        error.ee_code == ICMP_NET_ANO || error.ee_code == ICMP_HOST_ANO || error.ee_code == ICMP_PKT_FILTERED;
    return error.ee_type == ICMP_DEST_UNREACH && (is_prohibited || error.ee_code == ICMP_PORT_UNREACH);
  }
  if (error.ee_origin == SO_EE_ORIGIN_ICMP6) {
    constexpr std::uint8_t failed_policy = 5;  // RFC 4443 section 3.1: source address failed ingress/egress policy
    constexpr std::uint8_t reject_route = 6;
    const bool is_prohibited =
        error.ee_code == ICMP6_DST_UNREACH_ADMIN || error.ee_code == failed_policy || error.ee_code == reject_route;
    return error.ee_type == ICMP6_DST_UNREACH && (is_prohibited || error.ee_code == ICMP6_DST_UNREACH_NOPORT);
  }
  return false;
}

bool carries_error(const cmsghdr& header) {
  return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR) ||
         (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

}  // namespace

IcmpWatch::IcmpWatch(const Socket& socket, int family) : socket_(socket), family_(family) { listen(1); }
IcmpWatch::~IcmpWatch() { listen(0); }

void IcmpWatch::listen(int on) const {
  if (family_ == AF_INET) static_cast<void>(::setsockopt(socket_.descriptor(), IPPROTO_IP, IP_RECVERR, &on, sizeof on));
  if (family_ == AF_INET6)
    static_cast<void>(::setsockopt(socket_.descriptor(), IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on));
}

bool IcmpWatch::heard_firewall() const {
  std::array<char, 256> packet{};
  alignas(cmsghdr) std::array<char, 256> control{};
  iovec part{packet.data(), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(socket_.descriptor(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return false;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (!carries_error(*header)) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(header), sizeof error);
    return is_from_firewall(error);
  }
  return false;
}

}  // namespace hearth
