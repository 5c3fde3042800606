#include "protocol/wire/hmac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "protocol/base/check.h"

namespace hearth {
namespace {

const unsigned char* octets(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

}  // namespace

void MessageSigner::Release::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

MessageSigner::MessageSigner(BytesView key) {
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  HEARTH_CHECK(hmac != nullptr);
  context_.reset(EVP_MAC_CTX_new(hmac));
  EVP_MAC_free(hmac);  // the context has its own reference
  char digest[] = "SHA1";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  HEARTH_CHECK(context_ != nullptr && EVP_MAC_init(context_.get(), octets(key), key.size(), parameters) == 1);
}

void MessageSigner::add_payload(BytesView piece) {
  HEARTH_CHECK(EVP_MAC_update(context_.get(), octets(piece), piece.size()) == 1);
}

Bytes MessageSigner::sign(std::span<const Annotation> annotations) {
  std::vector<const Annotation*> signed_annotations;
  for (const Annotation& annotation : annotations) {
    if (annotation.id != hmac_annotation) signed_annotations.push_back(&annotation);
  }
  std::sort(signed_annotations.begin(), signed_annotations.end(),
            [](const Annotation* a, const Annotation* b) { return a->id < b->id; });
  for (const Annotation* annotation : signed_annotations) add_payload(annotation->data);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t digest_bytes = 0;
  HEARTH_CHECK(EVP_MAC_final(context_.get(), digest.data(), &digest_bytes, digest.size()) == 1);
  return {digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(digest_bytes)};
}

HmacVerdict verify_hmac(const Message& message, BytesView key) {
  const Annotation* given = message.find_annotation(hmac_annotation);
  if ((given != nullptr) != !key.empty()) return HmacVerdict::not_symmetric;
  if (given == nullptr) return HmacVerdict::good;
  MessageSigner signer(key);
  signer.add_payload(message.payload);
  const Bytes expected = signer.sign(message.annotations);
  const bool same =
      given->data.size() == expected.size() && CRYPTO_memcmp(given->data.data(), expected.data(), expected.size()) == 0;
  return same ? HmacVerdict::good : HmacVerdict::mismatch;
}

}  // namespace hearth
