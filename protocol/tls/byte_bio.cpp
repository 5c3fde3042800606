#include "protocol/tls/byte_bio.h"

#include <algorithm>
#include <cstring>

#include "protocol/base/check.h"

namespace hearth {
namespace {

ByteChannel& channel_of(BIO* bio) { return *static_cast<ByteChannel*>(BIO_get_data(bio)); }

int write_bytes(BIO* bio, const char* bytes, std::size_t count, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  channel_of(bio).output.append(bytes, count);
  *written = count;
  return 1;
}

/// 0 with the retry flag is "not yet", which OpenSSL hands on as SSL_ERROR_WANT_READ.
int read_bytes(BIO* bio, char* into, std::size_t room, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  BytesView& input = channel_of(bio).input;
  *count = std::min(room, input.size());
  if (*count == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(into, input.data(), *count);
  input.remove_prefix(*count);
  return 1;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* byte_bio_method() {
  static const std::unique_ptr<BIO_METHOD, OpensslRelease<BIO_meth_free>> method = [] {
    std::unique_ptr<BIO_METHOD, OpensslRelease<BIO_meth_free>> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bytes"));
    HEARTH_CHECK(made != nullptr);
    BIO_meth_set_write_ex(made.get(), write_bytes);
    BIO_meth_set_read_ex(made.get(), read_bytes);
    BIO_meth_set_ctrl(made.get(), control);
    return made;
  }();
  return method.get();
}

}  // namespace

BioPtr make_byte_bio(ByteChannel& channel) {
  BioPtr bio(BIO_new(byte_bio_method()));
  HEARTH_CHECK(bio != nullptr);
  BIO_set_data(bio.get(), &channel);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace hearth
