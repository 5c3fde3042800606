#include "nameserver/certificates.h"

#include <fmt/format.h>

#include "protocol/base/log.h"

namespace hearth {

Result<std::shared_ptr<const TlsContext>> read_certificates(const Options& options) {
  if (!options.uses_tls()) return nullptr;
  using ClientCertificate = TlsContext::ClientCertificate;
  const ClientCertificate wanted = options.ssl_requires_client_certificate ? ClientCertificate::required
                                   : options.ssl_authorities.empty()       ? ClientCertificate::unwanted
                                                                           : ClientCertificate::optional;
  return TlsContext::for_server(
      {options.ssl_certificate, options.ssl_key, options.ssl_key_passphrase, options.ssl_authorities}, wanted);
}

Result<std::shared_ptr<const TlsContext>> reread_certificates(const Options& options) {
  auto context = read_certificates(options);
  if (!context || !*context) return context;
  if (const auto fault = (*context)->validity_fault()) {
    return fail(ErrorKind::system, fmt::format("the certificate {} {}", (*context)->own_certificate(), *fault));
  }
  return context;
}

void log_certificates(const TlsContext& context) {
  log(LogLevel::info, LogCategory::net, fmt::format("TLS with the certificate {}", context.own_certificate()));
  if (const auto fault = context.validity_fault()) {
    log(LogLevel::warning, LogCategory::net,
        fmt::format("the certificate {} {}: clients refuse it; put a valid one there and reload",
                    context.own_certificate(), *fault));
  }
  for (const std::string& warning : context.warnings()) log(LogLevel::warning, LogCategory::net, warning);
}

}  // namespace hearth
