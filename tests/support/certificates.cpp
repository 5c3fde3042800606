#include "tests/support/certificates.h"

#include <openssl/pem.h>

#include "protocol/base/check.h"
#include "protocol/tls/openssl.h"
#include "tests/support/files.h"

namespace hearth {
namespace {

constexpr long day_s = 24L * 3600;

KeyPtr make_key() {
  KeyPtr key(EVP_EC_gen("P-256"));
  HEARTH_CHECK(key != nullptr);
  return key;
}

void add_to(X509_NAME* name, const char* field, const std::string& text) {
  if (text.empty()) return;
  HEARTH_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0) == 1);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpensslRelease<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  HEARTH_CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// `issuer` nullptr: signs itself.
CertificatePtr make_certificate(const CertificateWish& wish, EVP_PKEY* key, bool is_authority, X509* issuer,
                                EVP_PKEY* issuer_key) {
  static long last_serial = 0;
  CertificatePtr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++last_serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.valid_from_days * day_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.valid_until_days * day_s);
  X509_NAME* subject = X509_get_subject_name(made.get());
  add_to(subject, "O", wish.organisation);
  add_to(subject, "CN", wish.common_name);
  X509* const signer = issuer == nullptr ? made.get() : issuer;
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  X509_set_pubkey(made.get(), key);
  if (is_authority) add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
  if (!wish.hosts.empty()) add_extension(made.get(), signer, NID_subject_alt_name, wish.hosts);
  HEARTH_CHECK(X509_sign(made.get(), issuer_key == nullptr ? key : issuer_key, EVP_sha256()) > 0);
  return made;
}

std::string text_of(const BioPtr& bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

void write_certificate(const std::string& path, X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  HEARTH_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  write_file(path, text_of(bio));
}

void write_key(const std::string& path, EVP_PKEY* key, const std::string& passphrase) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  HEARTH_CHECK(PEM_write_bio_PrivateKey(bio.get(), key, cipher,
                                        reinterpret_cast<const unsigned char*>(passphrase.data()),
                                        static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  write_file(path, text_of(bio));
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

struct TestAuthority::Impl {
  KeyPtr key = make_key();
  CertificatePtr certificate;
};

TestAuthority::TestAuthority(const std::string& directory, const std::string& name)
    : directory_(directory), file_(directory + "/" + name + ".pem"), impl_(std::make_unique<Impl>()) {
  impl_->certificate = make_certificate({.common_name = name, .hosts = ""}, impl_->key.get(), true, nullptr, nullptr);
  write_certificate(file_, impl_->certificate.get());
}

TestAuthority::~TestAuthority() = default;

TlsFiles TestAuthority::issue(const std::string& prefix, const CertificateWish& wish,
                              const std::string& passphrase) const {
  const TlsFiles files{directory_ + "/" + prefix + ".pem", directory_ + "/" + prefix + ".key", passphrase, file_};
  const KeyPtr key = make_key();
  const CertificatePtr made = make_certificate(wish, key.get(), false, impl_->certificate.get(), impl_->key.get());
  write_certificate(files.certificate, made.get());
  write_key(files.key, key.get(), passphrase);
  return files;
}

TlsFiles make_self_signed(const std::string& directory, const std::string& prefix) {
  const TlsFiles files{directory + "/" + prefix + ".pem", directory + "/" + prefix + ".key", {}, {}};
  const KeyPtr key = make_key();
  write_certificate(files.certificate, make_certificate({}, key.get(), false, nullptr, nullptr).get());
  write_key(files.key, key.get(), {});
  return files;
}

}  // namespace hearth
