#include "protocol/wire/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "protocol/base/check.h"

namespace hearth {

Bytes message_hmac(const Message& message, BytesView key) {
  std::vector<const Annotation*> signed_annotations;
  for (const Annotation& annotation : message.annotations) {
    if (annotation.id != hmac_annotation) signed_annotations.push_back(&annotation);
  }
  std::sort(signed_annotations.begin(), signed_annotations.end(),
            [](const Annotation* a, const Annotation* b) { return a->id < b->id; });
  Bytes covered = message.payload;
  for (const Annotation* annotation : signed_annotations) covered.append(annotation->data);

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_bytes = 0;
  const unsigned char* done =
      HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(covered.data()),
           covered.size(), digest.data(), &digest_bytes);
  HEARTH_CHECK(done != nullptr);
  return {digest.begin(), digest.begin() + digest_bytes};
}

HmacVerdict verify_hmac(const Message& message, BytesView key) {
  const Annotation* given = message.find_annotation(hmac_annotation);
  if ((given != nullptr) != !key.empty()) return HmacVerdict::not_symmetric;
  if (given == nullptr) return HmacVerdict::good;
  const Bytes expected = message_hmac(message, key);
  const bool same =
      given->data.size() == expected.size() && CRYPTO_memcmp(given->data.data(), expected.data(), expected.size()) == 0;
  return same ? HmacVerdict::good : HmacVerdict::mismatch;
}

}  // namespace hearth
