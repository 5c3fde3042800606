#include "protocol/tls/pem_file.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// A bundle of all CAs of the world has a quarter of that.
constexpr std::size_t file_bytes_max = 4U << 20U;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

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
  const auto unreadable = [&](const char* why) {
    return fail(ErrorKind::system, fmt::format("cannot read {}, the file {}: {}", what, path, why));
  };
  // Without O_NONBLOCK the name of a FIFO would hold us here for ever.
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) return unreadable(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return unreadable("it is no regular file");
  if (static_cast<std::size_t>(status.st_size) > file_bytes_max) return unreadable("it is too large to be one");
  PemFile file{path, {}, (status.st_mode & S_IROTH) != 0};
  file.text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t size = 0;
  while (size < file.text.size()) {
    const ssize_t count = ::read(descriptor.get(), file.text.data() + size, file.text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(std::strerror(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  file.text.resize(size);
  return file;
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
