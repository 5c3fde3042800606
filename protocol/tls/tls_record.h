/// What TLS looks like from outside, for those who have to tell it from other protocols.
///
/// Layer: tls (base only).        Thread rule: none, pure functions.
#pragma once

#include "protocol/base/bytes.h"

namespace hearth {

/// The beginning of a record of any version since SSL 3 with which a conversation can start: of a handshake, or an alert in
/// answer to one (RFC 8446 section 5.1). Two bytes decide.
[[nodiscard]] bool is_tls_record(BytesView first_bytes);
/// The same of fewer bytes too: nothing speaks against it yet.
[[nodiscard]] bool may_be_tls_record(BytesView first_bytes);

/// The first word of a TLS 1.2 client (RFC 5246 section 7.4.1.2), the same each time. Any TLS server answers it, if only with an
/// alert: OpenSSL 3 sends none to bytes that do not look like TLS, so nothing else brings such a server to light.
[[nodiscard]] BytesView tls_probe_hello();

}  // namespace hearth
