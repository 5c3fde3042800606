#include "protocol/tls/describe_failure.h"

#include <fmt/format.h>
#include <openssl/sslerr.h>

#include "protocol/tls/pem_file.h"

namespace hearth {
namespace {

constexpr int alternative_names_shown = 5;

/// "ns.example, 192.0.2.7": the hosts that a certificate is for.
std::string hosts_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, OpensslRelease<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return "the name in its subject only";
  const BioPtr text(BIO_new(BIO_s_mem()));
  const int count = sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count && i < alternative_names_shown; ++i) {
    if (i > 0) BIO_puts(text.get(), ", ");
    GENERAL_NAME_print(text.get(), sk_GENERAL_NAME_value(names.get(), i));
  }
  char* start = nullptr;
  const long size = BIO_get_mem_data(text.get(), &start);
  std::string shown(start, static_cast<std::size_t>(size));
  for (char& c : shown) {
    if (c < ' ' || c > '~') c = '?';  // whoever made the certificate wrote these
  }
  if (count > alternative_names_shown) shown += ", …";
  return shown;
}

/// What else to do so that the issuer is trusted.
std::string_view how_to_trust(bool we_serve) {
  return we_serve ? "add that CA to ssl-cacerts if the client belongs here"
                  : "if that is right, give that CA's certificate as PYRO_SSL_CACERTS";
}

/// What the peer says about us in its alert (RFC 8446 section 6.2).
TlsFailure describe_alert(int alert, const FailedConnection& connection) {
  const TlsContext& ours = connection.context;
  const std::string reason = SSL_alert_desc_string_long(alert);
  const std::string own = ours.own_certificate();
  switch (alert) {
    case SSL_AD_UNKNOWN_CA:
      return {
          TlsFault::own_certificate,
          fmt::format("it does not trust the CA of our certificate {} ('{}'): it needs that CA's certificate, {}", own,
                      reason, ours.is_server() ? "in Pyro as PYRO_SSL_CACERTS" : "for a hearthd in ssl-cacerts")};
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_ACCESS_DENIED: {
      const auto fault = ours.validity_fault();
      return {TlsFault::own_certificate, fmt::format("it does not accept our certificate {} ('{}'){}", own, reason,
                                                     fault ? ", which " + *fault + ": renew it" : "")};
    }
    case SSL_AD_CERTIFICATE_REQUIRED:
      return {TlsFault::own_certificate,
              "it requires a client certificate: set PYRO_SSL_CLIENTCERT and PYRO_SSL_CLIENTKEY"};
    case SSL_AD_HANDSHAKE_FAILURE: {
      const bool may_want_one = !ours.is_server() && own.empty();
      return {TlsFault::nothing_in_common,
              fmt::format("it found no way to talk to us ('{}'){}", reason,
                          may_want_one ? ": it may require a client certificate, PYRO_SSL_CLIENTCERT" : "")};
    }
    case SSL_AD_PROTOCOL_VERSION:
    case SSL_AD_INSUFFICIENT_SECURITY:
      return {TlsFault::nothing_in_common,
              fmt::format("it knows no version or cipher of TLS that we do ('{}'): we want TLS 1.2 or newer", reason)};
    default: return {TlsFault::broken, fmt::format("it ended TLS with the alert '{}'", reason)};
  }
}

}  // namespace

std::string describe_certificate(int code, const X509* certificate, bool we_serve, const std::string& host) {
  if (certificate == nullptr) return "its certificate is not accepted";
  const std::string subject = subject_of(certificate);
  const std::string name = subject.empty() ? "without a subject" : subject;
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("its certificate {} has expired on {}: renew it, or correct this machine's clock", name,
                         time_text(X509_get0_notAfter(certificate)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("its certificate {} is not valid before {}: correct the clocks, or wait", name,
                         time_text(X509_get0_notBefore(certificate)));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return fmt::format("its certificate {} is signed by itself and not trusted: {}", name,
                         we_serve ? "add it to ssl-cacerts if the client belongs here"
                                  : "if it is the right one, give it as PYRO_SSL_CACERTS");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return fmt::format("its certificate comes from the CA {}, which is not trusted: {}", name,
                         how_to_trust(we_serve));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format("its certificate {} was issued by {}, which is not trusted: {}", name, issuer_of(certificate),
                         how_to_trust(we_serve));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "its certificate {} is not for {}, but for {}: use a host that it names, or have it made for this "
          "one (subjectAltName)",
          name, host, hosts_of(certificate));
    default: return fmt::format("its certificate {} is not accepted: {}", name, X509_verify_cert_error_string(code));
  }
}

TlsFailure describe_failure(unsigned long code, const FailedConnection& connection) {
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  if (reason >= SSL_AD_REASON_OFFSET) return describe_alert(reason - SSL_AD_REASON_OFFSET, connection);
  switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return {TlsFault::peer_certificate,
              connection.peer_fault.empty() ? "its certificate is not accepted" : connection.peer_fault};
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return {TlsFault::peer_certificate,
              "it shows no certificate, which this server requires: set PYRO_SSL_CLIENTCERT there, or unset "
              "ssl-requireclientcert here"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
      return {TlsFault::nothing_in_common,
              "it knows only versions of TLS that are not safe any more: it needs 1.2 or newer"};
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      return {TlsFault::nothing_in_common,
              fmt::format("it shares no cipher of TLS with us ({})", ERR_reason_error_string(code))};
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST: return {TlsFault::not_tls, "it does not speak TLS"};
    default: {
      const char* text = ERR_reason_error_string(code);
      return {TlsFault::broken,
              fmt::format("it broke the rules of TLS ({})", text != nullptr ? text : "no reason known")};
    }
  }
}

}  // namespace hearth
