#include "protocol/wire/discovery.h"

#include "protocol/base/wtf8.h"

namespace hearth {

std::optional<Bytes> discovery_answer(std::string_view uri) {
  constexpr char32_t latin1_max = 0xFF;
  Bytes answer;
  for (std::size_t pos = 0; pos < uri.size();) {
    const char32_t character = decode_wtf8(uri, pos);
    if (character > latin1_max) return std::nullopt;
    answer.push_back(static_cast<char>(character));
  }
  if (answer.size() > discovery_answer_bytes_max) return std::nullopt;
  return answer;
}

std::string uri_in_discovery_answer(BytesView answer) {
  std::string text;
  for (const char c : answer.substr(0, discovery_answer_bytes_max)) append_wtf8(text, static_cast<unsigned char>(c));
  return text;
}

}  // namespace hearth
