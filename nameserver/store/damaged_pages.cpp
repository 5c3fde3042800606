#include "nameserver/store/damaged_pages.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "nameserver/store/file_copy.h"
#include "nameserver/store/sqlite_db.h"
#include "nameserver/store/sqlite_schema.h"

namespace hearth {
namespace {

// https://www.sqlite.org/fileformat.html, 1.3; numbers are big-endian.
constexpr std::size_t page_bytes = 4096;  ///< of a new database
constexpr std::size_t page_size_at = 16;  ///< two bytes; 1 stands for 65536
constexpr std::size_t read_version_at =
    19;  ///< 2: the file has a write-ahead log; the version before it is for writing
constexpr std::size_t page_count_at = 28;

Result<std::string> first_page_of_new_database(const std::string& path) {
  const ScratchDatabase scratch(path);
  {
    auto db = SqliteDb::open(path, true, 0);
    if (!db) return forward_error(db);
    if (auto made = bring_up_schema(*db, Schema::none); !made) return forward_error(made);
  }
  std::string page(page_bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(page.data(), static_cast<std::streamsize>(page.size()))) {
    return fail(ErrorKind::system, fmt::format("cannot read {}", path));
  }
  return page;
}

/// As the file says, if that can be.
std::size_t page_bytes_of(const std::string& path) {
  char start[page_size_at + 2] = {};
  std::ifstream(path, std::ios::binary).read(start, sizeof start);
  const auto high = static_cast<unsigned char>(start[page_size_at]);
  const auto low = static_cast<unsigned char>(start[page_size_at + 1]);
  const std::size_t said = high == 0 && low == 1 ? 65536U : high * 256U + low;
  return said >= 512 && (said & (said - 1)) == 0 ? said : page_bytes;
}

}  // namespace

Result<void> cut_to_whole_pages(const std::string& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  if (!problem) std::filesystem::resize_file(path, size - size % page_bytes_of(path), problem);
  if (problem) return fail(ErrorKind::system, fmt::format("cannot write {}: {}", path, problem.message()));
  return {};
}

Result<void> replace_first_page(const std::string& path) {
  auto page = first_page_of_new_database(path + "-model");
  if (!page) return forward_error(page);
  std::error_code problem;
  const auto pages = std::filesystem::file_size(path, problem) / page_bytes;
  for (std::size_t i = 0; i < 4; ++i) (*page)[page_count_at + i] = static_cast<char>(pages >> (8 * (3 - i)) & 0xFFU);
  if (std::filesystem::exists(path + "-wal", problem)) (*page)[read_version_at] = (*page)[read_version_at - 1] = 2;
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.write(page->data(), static_cast<std::streamsize>(page->size()));
  file.flush();
  if (!file) return fail(ErrorKind::system, fmt::format("cannot write {}", path));
  return {};
}

}  // namespace hearth
