#include "client-lib/src/verdict_text.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace hearth {
namespace {

using Steps = std::vector<DiagnosisStep>;

/// What the step tried to connect to, for a sentence.
std::string place_of(const DiagnosisStep& step) {
  if (step.kind != StepKind::broadcast_answer) return step.place;
  return step.place + " (the answer of " + step.responder + " to the broadcast)";
}

VerdictText nothing_runs(const DiagnosisStep* step, const Steps& steps) {
  if (step != nullptr && step->outcome == StepOutcome::no_socket) {
    return {"No name server serves that Unix socket: " + step->place + " does not exist.",
            "Start one there: hearthd -u PATH. Or correct the path."};
  }
  if (step != nullptr && (step->kind == StepKind::given_host || step->kind == StepKind::configured_host)) {
    return {
        "No name server listens at " + step->place + ": none runs there, or it listens at another port or address.",
        "Run `nsc doctor` on that machine. If none runs there, start hearthd. If one listens on its loopback only, "
        "which is "
        "the default, start it with -n 0.0.0.0, or with the address that others shall use. If its port is another one, "
        "give it with -p."};
  }
  const auto unsent = std::find_if(steps.begin(), steps.end(),
                                   [](const DiagnosisStep& s) { return s.outcome == StepOutcome::not_sent; });
  const bool asked_nobody =
      unsent != steps.end() && std::none_of(steps.begin(), steps.end(), [](const DiagnosisStep& s) {
        return s.kind == StepKind::broadcast && s.outcome != StepOutcome::not_sent;
      });
  std::string network =
      asked_nobody ? ", and the network could not be asked (" + unsent->said + ")" : ", and none answers a broadcast";
  return {"No name server runs on this machine" + network + ".",
          "Start one with hearthd. If one runs on another machine, name that with -n HOST or PYRO_NS_HOST: it may not "
          "answer broadcasts: because it listens on its loopback only, which is the default (there, start it with -n "
          "0.0.0.0), because of -x, or because a firewall on UDP 9091 or a router in between does not let them pass."};
}

VerdictText loopback_only(const DiagnosisStep& step) {
  return {"A name server runs on this machine, but listens on the loopback only: it answers at " + step.place +
              " and not at the address that was asked for.",
          "Start it with -n 0.0.0.0, or with the address that others shall use. For programs on this machine -n "
          "localhost is "
          "enough."};
}

VerdictText port_blocked(const DiagnosisStep& step) {
  std::string what =
      step.outcome == StepOutcome::rejected
          ? "A firewall refuses connections to " + place_of(step) + "."
          : "What is sent to " + place_of(step) + " gets lost: a firewall drops it, or the machine is off.";
  if (step.kind == StepKind::broadcast_answer) what += " A name server is there: it has answered the broadcast.";
  return {std::move(what),
          "Open the name server's TCP port in the firewall of its machine and on the way to it. See there with: "
          "nft list ruleset."};
}

VerdictText serializer_refused(const DiagnosisStep& step) {
  return {"The name server at " + place_of(step) +
              " refuses the serializer that PYRO_SERIALIZER asks for: " + step.said + ".",
          "Set PYRO_SERIALIZER to one that the server accepts, or let the server accept ours with "
          "PYRO_SERIALIZERS_ACCEPTED."};
}

VerdictText key_trouble(Cause cause, const DiagnosisStep& step) {
  const std::string server = "The name server at " + place_of(step);
  switch (cause) {
    case Cause::key_missing:
      return {server + " requires an HMAC key, and we have none.", "Set PYRO_HMAC_KEY to the key of the server."};
    case Cause::key_unwanted:
      return {server + " uses no HMAC key, and we have one.",
              "Unset PYRO_HMAC_KEY, or start the server with that key. Pyro5 servers know no HMAC keys at all."};
    default: return {server + " has another HMAC key than we have.", "Set PYRO_HMAC_KEY to the key of the server."};
  }
}

VerdictText other_program(const DiagnosisStep& step) {
  std::string what = "Another program has the port: what listens at " + place_of(step) + " does not speak Pyro.";
  if (!step.said.empty()) what += " It says: " + step.said;
  return {std::move(what),
          "See who that is, on its machine: ss -ltnp. Stop it, or start the name server at another port and give "
          "that with -p or PYRO_NS_PORT."};
}

VerdictText bad_uri(const DiagnosisStep& step) {
  std::string what = step.responder + " answers the broadcast with " + step.place + ", which is of no use: it ";
  switch (step.outcome) {
    case StepOutcome::host_unspecified: what += "names no host that one can connect to."; break;
    case StepOutcome::host_is_loopback: what += "leads every client to its own machine instead of the server's."; break;
    case StepOutcome::not_a_uri: what += "is no URI of an object."; break;
    default: what += "names a host that has no address here."; break;
  }
  return {std::move(what),
          "Start that name server with -n ADDRESS, an address or name that clients can reach; hearthd started with "
          "-n 0.0.0.0 answers each client with the address that faces it. If it is not yours, another "
          "program answers your broadcasts: find it by its address."};
}

VerdictText rivals(const Steps& steps) {
  std::vector<std::size_t> servers;
  std::vector<std::string> places;
  const auto add = [](auto& list, const auto& item) {
    const bool is_new = std::find(list.begin(), list.end(), item) == list.end();
    if (is_new) list.push_back(item);
    return is_new;
  };
  for (const DiagnosisStep& step : steps) {
    const bool is_found = step.server != 0 && step.kind != StepKind::own_registration && add(servers, step.server);
    if (is_found || step.kind == StepKind::rival) add(places, step.place);
  }
  std::string uris;
  for (const std::string& place : places) uris += (uris.empty() ? "" : ", ") + place;
  return {"Several name servers answer: " + uris +
              ". Which of them a program finds depends on where it runs, and on chance; "
              "what is registered in one is unknown to the others.",
          "Keep one and stop the others, or start each with a broadcast port of its own (--bcport, for clients "
          "PYRO_NS_BCPORT), or "
          "without answers to broadcasts (-x), and name it with -n or PYRO_NS_HOST."};
}

VerdictText bad_registration(const DiagnosisStep& step) {
  return {"The name server works, but what it has registered for itself does not: " + describe(step) + ".",
          "Only programs that look up Pyro.NameServer itself notice. Start the name server with -n ADDRESS, one that "
          "clients can reach; behind a NAT, with --nathost and --natport."};
}

/// What each side wants, and by which settings it gets it. A step's `said` ends with what to do about a certificate.
VerdictText tls_trouble(Cause cause, const DiagnosisStep& step) {
  const std::string server = "The server at " + place_of(step);
  switch (cause) {
    case Cause::tls_expected:
      return {server + " wants TLS.",
              "Set PYRO_SSL=true, and PYRO_SSL_CACERTS to the certificate of its CA (nsc: --ssl-cacerts), or ask the "
              "server at a "
              "port without TLS."};
    case Cause::tls_unwanted:
      return {server + " does not speak TLS, and PYRO_SSL asks for it.",
              "Unset PYRO_SSL, or ask the server at a port that has TLS; hearthd gets it by --ssl."};
    case Cause::certificate_bad:
      return {server + " speaks TLS, but " + step.said + ".",
              "Do not go on before that is right: somebody else may answer there. The system's CAs and those of "
              "PYRO_SSL_CACERTS "
              "are trusted, and the certificate must be for the host that was asked for."};
    case Cause::certificate_wanted:
      return {server + " speaks TLS, but " + step.said + ".",
              "Set PYRO_SSL_CLIENTCERT and PYRO_SSL_CLIENTKEY to a certificate of a CA that the server trusts."};
    default:
      return {server + " speaks TLS, but not with us: " + step.said + ".",
              "TLS 1.2 or newer is needed on both sides. If both are new, something on the way changes what they say."};
  }
}

VerdictText about_place(Cause cause, const DiagnosisStep& step) {
  const std::string place = place_of(step);
  switch (cause) {
    case Cause::no_route:
      return {"There is no way from here to " + place + " (" + step.said + ").",
              "Check the address, this machine's network (ip route) and the routers in between."};
    case Cause::host_unknown:
      return {
          "Nobody knows the host of " + place + ": " + step.said + ".",
          "Correct the name (-n, PYRO_NS_HOST), give the address instead, or enter the name in the DNS or /etc/hosts."};
    case Cause::not_allowed:
      return {"This machine does not let us connect to " + place + " (" + step.said + ").",
              "Run as a user who may write to the Unix socket, or change its mode; for TCP check the local firewall."};
    case Cause::bad_place:
      return {"It is not possible to connect to " + place + ": " + step.said + ".", "Correct what was asked for."};
    case Cause::other_pyro_program:
      return {
          "Another Pyro program has the port: " + place + " hosts objects, but no name server.",
          "Start the name server at another port and give that with -p or PYRO_NS_PORT, or move the other program."};
    case Cause::not_answering:
      return {
          "Something takes connections at " + place + " and does not answer as a name server" +
              (step.said.empty() ? std::string(".") : ": " + step.said + "."),
          "If that is pyro4-ns or pyro5-ns, its threads are all taken or it hangs: restart it, or replace it by "
          "hearthd, "
          "which no client can block. If it is another program (ss -ltnp), give the name server another port. If it is "
          "only slow, raise PYRO_COMMTIMEOUT."};
    case Cause::no_free_worker:
      return {"All threads of the name server at " + place + " are taken by connected clients: " + step.said + ".",
              "Raise PYRO_THREADPOOL_SIZE where it runs, let clients release their proxies, or replace it by hearthd, "
              "which has no "
              "such limit."};
    case Cause::turned_away:
      return {"The server at " + place + " rejects us: " + step.said + ".",
              "Look into that server's log and settings."};
    case Cause::unreachable_uri:
      return {step.responder + " answers the broadcast with " + step.place + ", but nobody can be reached there" +
                  (step.said.empty() ? std::string(".") : " (" + step.said + ")."),
              "The name server is at another address than it says. Start it with -n ADDRESS, one that clients can "
              "reach; in a "
              "container or behind a NAT name it with -n or PYRO_NS_HOST instead. If its TCP port is closed by a "
              "firewall, open it."};
    default: HEARTH_CHECK(false);
  }
}

}  // namespace

namespace {

/// The reference registers itself so too; nobody but who looks up Pyro.NameServer itself can notice.
std::string wildcard_note(const Steps& steps) {
  const auto own = std::find_if(steps.begin(), steps.end(), [](const DiagnosisStep& step) {
    return step.kind == StepKind::own_registration && step.outcome == StepOutcome::host_unspecified;
  });
  if (own == steps.end()) return "";
  return " A note: " + describe(*own) +
         ", as its -n says; programs that look up Pyro.NameServer itself need -n ADDRESS.";
}

}  // namespace

VerdictText text_of(Cause cause, const DiagnosisStep* step, const Steps& steps) {
  if (cause == Cause::nothing_runs) return nothing_runs(step, steps);
  HEARTH_CHECK(step != nullptr);
  switch (cause) {
    case Cause::none: return {"Nothing is wrong: " + describe(*step) + "." + wildcard_note(steps), ""};
    case Cause::loopback_only: return loopback_only(*step);
    case Cause::port_blocked: return port_blocked(*step);
    case Cause::serializer_refused: return serializer_refused(*step);
    case Cause::key_missing:
    case Cause::key_unwanted:
    case Cause::key_wrong: return key_trouble(cause, *step);
    case Cause::tls_expected:
    case Cause::tls_unwanted:
    case Cause::tls_failed:
    case Cause::certificate_bad:
    case Cause::certificate_wanted: return tls_trouble(cause, *step);
    case Cause::other_program: return other_program(*step);
    case Cause::bad_uri: return bad_uri(*step);
    case Cause::rivals: return rivals(steps);
    case Cause::bad_registration: return bad_registration(*step);
    default: return about_place(cause, *step);
  }
}

}  // namespace hearth
