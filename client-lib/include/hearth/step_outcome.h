/// StepOutcome: what one attempt to reach a name server met, as exactly as a client can tell.
///
/// Layer: client-lib, public.        Thread rule: plain values.
#pragma once

#include <string_view>

#include <hearth/api.h>

namespace HEARTH_API hearth {

enum class StepOutcome : unsigned char {
  works,  ///< connected, shook hands, and it answers calls

  // Nobody was reached.
  refused,       ///< the machine is there, and nothing listens at that port
  rejected,      ///< a firewall said no (ICMP "port unreachable" or "prohibited", which no TCP sends by itself)
  no_reply,      ///< no answer at all to the attempt to connect: a firewall drops it, or the machine is off
  no_route,      ///< this machine knows no way to that address, or a router on the way does not
  forbidden,     ///< this machine does not allow it: permissions of a Unix socket, a local firewall
  host_unknown,  ///< the host name has no address
  no_socket,     ///< there is no Unix socket of that path
  impossible,    ///< no such place can exist, or what should be sent there cannot be sent

  // Somebody was reached who does not speak Pyro.
  silent,    ///< takes the connection and does not answer the handshake
  hung_up,   ///< takes the connection and closes it without a word
  not_pyro,  ///< says something else; DiagnosisStep::said has it
  tls,       ///< wants TLS, and we speak none

  // We speak TLS.
  tls_unwanted,     ///< and it does not
  tls_failed,       ///< it does too, but the two share no version or cipher, or somebody changes the bytes on the way
  certificate_bad,  ///< we do not accept its certificate
  certificate_wanted,  ///< it does not accept ours, or wants one that we do not have

  // A Pyro server was reached which does not want this client.
  serializer_refused,
  key_missing,     ///< it has an HMAC key, we have none
  key_unwanted,    ///< we have an HMAC key, it has none (or speaks Pyro5 only, which cannot carry one)
  key_wrong,       ///< its HMAC key is another one
  no_free_worker,  ///< Pyro's own server: all of its threads are taken by connected clients
  no_such_object,  ///< it hosts objects, but not this one
  turned_away,     ///< another reason, in DiagnosisStep::said
  call_failed,     ///< it shakes hands, but calls do not get the answers of a name server

  // About a broadcast and the URIs that name servers give for themselves.
  answered,          ///< at least once; the steps that follow say what the answers are worth
  no_answer,         ///< within the time of the settings
  not_sent,          ///< the kernel would not send it: no such network
  not_a_uri,         ///< the answer is no PYRO URI; DiagnosisStep::said has it
  host_unspecified,  ///< the URI's host is 0.0.0.0, :: or empty: an address to listen at, not to connect to
  host_is_loopback,  ///< the URI's host, or Unix socket, can only be reached on the server's own machine, and this is another
};

/// The enumerator's own name, which `nsc doctor --json` prints.
[[nodiscard]] HEARTH_API std::string_view to_string(StepOutcome outcome);

}  // namespace hearth
