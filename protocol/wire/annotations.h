/// The annotation chunks between header and payload, in both sizes of chunk header.
///
/// Layer: wire.        Thread rule: none, pure functions.
#pragma once

#include <string_view>
#include <vector>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth {

/// `bytes` are all the annotations of one message. A chunk that reaches beyond them is malformed.
[[nodiscard]] Result<std::vector<Annotation>> parse_annotations(Dialect dialect, BytesView bytes);

void append_annotation(Bytes& out, Dialect dialect, const Annotation& annotation);

/// Whether a program may send them with its message: four ASCII characters each for an id that is none of Pyro's own, and
/// together no more than the dialect's length field holds beside those. Errors: malformed, limit.
[[nodiscard]] Result<void> check_annotations(Dialect dialect, const std::vector<Annotation>& annotations);

/// Whether the id is one of Pyro's own, which mean nothing to programs.
[[nodiscard]] bool is_pyro_annotation(std::string_view id);

/// What append_annotation() will append.
[[nodiscard]] std::size_t annotation_bytes(Dialect dialect, const Annotation& annotation);

}  // namespace hearth
