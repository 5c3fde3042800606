/// Whether a place that hangs up on Pyro's greeting wants TLS.
///
/// Layer: client-lib, private.        Thread rule: any thread; blocking.
/// OpenSSL 3 sends no alert to bytes that do not look like TLS, it just closes; so only a TLS greeting brings it to light.
#pragma once

#include <cstdint>

#include <hearth/client_settings.h>
#include <hearth/uri.h>

namespace hearth {

/// Connects anew, says what a TLS 1.2 client says, and looks whether the answer is a record of TLS. Waits as long as the settings
/// let a connection wait.
[[nodiscard]] bool answers_tls(const Uri& uri, const ClientSettings& settings);

}  // namespace hearth
