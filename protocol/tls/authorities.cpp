#include "protocol/tls/authorities.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/tls/pem_file.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

/// "5ed36f99.0": what X509_LOOKUP_hash_dir(3) looks for.
bool is_hash_name(const std::string& name) {
  constexpr std::size_t hash_digits = 8;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() > hash_digits + 1 && name[hash_digits] == '.' &&
         std::all_of(name.begin(), name.begin() + hash_digits, is_hex) &&
         std::all_of(name.begin() + hash_digits + 1, name.end(), is_digit);
}

Result<std::vector<std::string>> files_of_directory(const std::string& path) {
  std::vector<std::string> files;
  std::vector<std::string> hashed;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored)) continue;
    (is_hash_name(entry->path().filename().string()) ? hashed : files).push_back(entry->path().string());
  }
  if (error)
    return fail(ErrorKind::system, fmt::format("cannot read the directory of CAs {}: {}", path, error.message()));
  return hashed.empty() ? files : hashed;
}

Result<std::size_t> add_certificates(const std::string& path, X509_STORE* store) {
  const auto file = read_pem_file(path, "the certificates of CAs");
  if (!file) return tl::unexpected<Error>(file.error());
  const auto certificates = certificates_in(*file);
  for (const CertificatePtr& certificate : certificates)
    HEARTH_CHECK(X509_STORE_add_cert(store, certificate.get()) == 1);
  return certificates.size();
}

}  // namespace

Result<void> trust_authorities(const std::string& path, X509_STORE* store) {
  std::error_code ignored;
  const bool is_directory = fs::is_directory(path, ignored);
  std::vector<std::string> files{path};
  if (is_directory) {
    auto listed = files_of_directory(path);
    if (!listed) return forward_error(listed);
    files = std::move(*listed);
  }
  std::size_t count = 0;
  for (const std::string& file : files) {
    auto added = add_certificates(file, store);
    if (!added) return forward_error(added);
    count += *added;
  }
  if (count > 0) return {};
  if (is_directory) {
    return fail(ErrorKind::system,
                fmt::format("no file in the directory of CAs {} holds a certificate in PEM form", path));
  }
  return fail(ErrorKind::system, fmt::format("{} holds no certificate of a CA: it must be a PEM file", path));
}

}  // namespace hearth
