/// Shorthands for mutations and batches of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nameserver/store/engine.h"

namespace hearth {

using Batch = std::vector<ChainedMutation>;

inline ChainedMutation put(std::string name, std::string uri, Tags tags = {}, ChainId chain = no_chain) {
  return {Put{{std::move(name), std::move(uri), std::move(tags)}, false}, chain};
}
inline ChainedMutation put_if_absent(std::string name, std::string uri, ChainId chain = no_chain) {
  return {Put{{std::move(name), std::move(uri), {}}, true}, chain};
}
inline ChainedMutation set_tags(std::string name, Tags tags, ChainId chain = no_chain) {
  return {SetTags{std::move(name), std::move(tags)}, chain};
}
inline ChainedMutation remove(std::vector<std::string> names, ChainId chain = no_chain) {
  return {Remove{std::move(names)}, chain};
}
inline ChainedMutation evict(std::vector<NameAndUri> registrations, ChainId chain = no_chain) {
  return {Evict{std::move(registrations)}, chain};
}

/// One letter for each result: `a`pplied, name `t`aken, `u`nknown name, not the `o`wner, owner is `f`ull, `n`ot attempted, `S`torage error, any other `E`rror.
inline std::string letters(const std::vector<Result<Outcome>>& results) {
  std::string text;
  for (const auto& result : results) {
    if (result) {
      text.push_back("atuof"[static_cast<unsigned>(result->kind)]);
    } else if (result.error().kind == ErrorKind::unsupported) {
      text.push_back('n');
    } else {
      text.push_back(result.error().kind == ErrorKind::storage ? 'S' : 'E');
    }
  }
  return text;
}

}  // namespace hearth
