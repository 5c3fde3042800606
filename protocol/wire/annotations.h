/// The annotation chunks between header and payload, in both sizes of chunk header.
///
/// Layer: wire.        Thread rule: none, pure functions.
#pragma once

#include <vector>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth {

/// `bytes` are all the annotations of one message. A chunk that reaches beyond them is malformed.
[[nodiscard]] Result<std::vector<Annotation>> parse_annotations(Dialect dialect, BytesView bytes);

void append_annotation(Bytes& out, Dialect dialect, const Annotation& annotation);

/// What append_annotation() will append.
[[nodiscard]] std::size_t annotation_bytes(Dialect dialect, const Annotation& annotation);

}  // namespace hearth
