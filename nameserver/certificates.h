/// The certificates that hearthd's options name.
///
/// Layer: nameserver.        Thread rule: loop thread, at the start and at a reload. Reading blocks on the disk.
/// Errors are one sentence for the operator.
#pragma once

#include <memory>

#include <hearth/result.h>

#include "nameserver/options/options.h"
#include "protocol/tls/tls_context.h"

namespace hearth {

/// nullptr: the options use no TLS. One that has expired is taken, since the server has other clients too.
[[nodiscard]] Result<std::shared_ptr<const TlsContext>> read_certificates(const Options& options);

/// For a server that runs: one that clients will refuse is an error, as what it has may be better.
[[nodiscard]] Result<std::shared_ptr<const TlsContext>> reread_certificates(const Options& options);

/// Writes into the log what the operator should know about them.
void log_certificates(const TlsContext& context);

}  // namespace hearth
