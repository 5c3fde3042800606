#include "protocol/rpc/dict_reply.h"

#include "protocol/base/check.h"

namespace hearth {

Error reply_too_large() { return {ErrorKind::limit, "it is larger than this server sends; ask for less, by a prefix"}; }

void DictReply::start(const Serializer* serializer) {
  HEARTH_CHECK(items_.empty());
  serializer_ = serializer;
  count_ = 0;
  bytes_at_turn_ = 0;
  head_.clear();
  error_.reset();
}

bool DictReply::add(std::string_view key, const Value& value) {
  if (serializer_ == nullptr) return true;
  if (error_) return false;
  auto dumped = serializer_->dump_dict_item(key, value, count_ == 0, items_.tail());
  ++count_;
  if (!dumped) {
    error_ = std::move(dumped.error());
  } else {
    check_size();
  }
  return !error_ && items_.size() - bytes_at_turn_ < limits_.turn_bytes_max;
}

void DictReply::complete() {
  if (serializer_ == nullptr || error_) return;
  serializer_->append_dict_head(count_, head_);
  serializer_->append_dict_tail(items_.tail());
  check_size();
}

void DictReply::check_size() {
  if (bytes() <= limits_.reply_bytes_max) return;
  error_ = reply_too_large();
}

}  // namespace hearth
