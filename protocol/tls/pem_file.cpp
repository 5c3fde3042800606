#include "protocol/tls/pem_file.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/small_file.h"

namespace hearth {
namespace {

/// A bundle of all CAs of the world has a quarter of that.
constexpr std::size_t file_bytes_max = 4U << 20U;

std::string name_text(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  HEARTH_CHECK(bio != nullptr);
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<PemFile> read_pem_file(const std::string& path, std::string_view what) {
  auto file = read_small_file(path, file_bytes_max);
  if (!file) {
    return fail(ErrorKind::system, fmt::format("cannot read {}, the file {}: {}", what, path, file.error().text));
  }
  return PemFile{path, std::move(file->text), file->others_may_read};
}

std::vector<CertificatePtr> certificates_in(const PemFile& file) {
  std::vector<CertificatePtr> found;
  const BioPtr bio(BIO_new_mem_buf(file.text.data(), static_cast<int>(file.text.size())));
  HEARTH_CHECK(bio != nullptr);
  while (CertificatePtr next{PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)})
    found.push_back(std::move(next));
  ERR_clear_error();  // the end is an error too
  return found;
}

std::string subject_of(const X509* certificate) { return name_text(X509_get_subject_name(certificate)); }
std::string issuer_of(const X509* certificate) { return name_text(X509_get_issuer_name(certificate)); }

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", parts);
}

}  // namespace hearth
