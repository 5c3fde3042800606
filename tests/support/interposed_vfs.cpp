#include "tests/support/interposed_vfs.h"

#include <unistd.h>

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What SQLite sees as its file. The real one follows in the same memory.
struct WrappedFile {
  sqlite3_file base;
  InterposedVfs* vfs;
  InterposedVfs::File* file;  ///< owned; deleted when SQLite closes it
  bool syncs_reach_the_disk;
};

WrappedFile& wrapped(sqlite3_file* file) { return *reinterpret_cast<WrappedFile*>(file); }

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<WrappedFile*>(file) + 1);
}

/// Hands a call on to the real file's method of the same place.
template <auto method, typename... Arguments>
auto pass_on(sqlite3_file* file, Arguments... arguments) {
  return (real(file)->pMethods->*method)(real(file), arguments...);
}

int close_file(sqlite3_file* file) {
  delete wrapped(file).file;
  wrapped(file).file = nullptr;
  return pass_on<&sqlite3_io_methods::xClose>(file);
}

int read_file(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  const int code = wrapped(file).vfs->before_read(*wrapped(file).file);
  return code != SQLITE_OK ? code : pass_on<&sqlite3_io_methods::xRead>(file, bytes, size, offset);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const std::string_view text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  const int code = wrapped(file).vfs->before_write(*wrapped(file).file, text, static_cast<std::uint64_t>(offset));
  return code != SQLITE_OK ? code : pass_on<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = wrapped(file).vfs->before_truncate(*wrapped(file).file, static_cast<std::uint64_t>(size));
  return code != SQLITE_OK ? code : pass_on<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync_file(sqlite3_file* file, int flags) {
  WrappedFile& here = wrapped(file);
  int code = here.vfs->before_sync(*here.file);
  if (code == SQLITE_OK && here.syncs_reach_the_disk) code = pass_on<&sqlite3_io_methods::xSync>(file, flags);
  if (code == SQLITE_OK) here.vfs->after_sync(*here.file);
  return code;
}

/// Version 2: without memory-mapped reads, which WAL does not need.
constexpr sqlite3_io_methods methods = {
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    pass_on<&sqlite3_io_methods::xFileSize>,
    pass_on<&sqlite3_io_methods::xLock>,
    pass_on<&sqlite3_io_methods::xUnlock>,
    pass_on<&sqlite3_io_methods::xCheckReservedLock>,
    pass_on<&sqlite3_io_methods::xFileControl>,
    pass_on<&sqlite3_io_methods::xSectorSize>,
    pass_on<&sqlite3_io_methods::xDeviceCharacteristics>,
    pass_on<&sqlite3_io_methods::xShmMap>,
    pass_on<&sqlite3_io_methods::xShmLock>,
    pass_on<&sqlite3_io_methods::xShmBarrier>,
    pass_on<&sqlite3_io_methods::xShmUnmap>,
    nullptr,
    nullptr,
};

/// The default where there is no InterposedVfs.
sqlite3_vfs* find_real_vfs() { return sqlite3_vfs_find("unix"); }

InterposedVfs& owner(sqlite3_vfs* vfs) { return *static_cast<InterposedVfs*>(vfs->pAppData); }

/// Not by xAccess(), for which an empty file is none.
bool exists(const char* path) { return path != nullptr && access(path, F_OK) == 0; }

template <bool syncs_reach_the_disk>
int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  InterposedVfs::File description{name != nullptr ? name : "", flags, !exists(name)};
  wrapped(file) = {{nullptr}, &owner(vfs), nullptr, syncs_reach_the_disk};
  if (const int code = owner(vfs).before_open(description); code != SQLITE_OK) return code;
  real(file)->pMethods = nullptr;
  sqlite3_vfs* real_vfs = find_real_vfs();
  const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, flags_out);
  if (real(file)->pMethods == nullptr) return code;  // SQLite does not close it
  wrapped(file).base.pMethods = &methods;
  wrapped(file).file = new InterposedVfs::File(std::move(description));
  owner(vfs).after_open(*wrapped(file).file);
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  if (exists(name)) {
    if (const int code = owner(vfs).before_delete(name, sync_directory != 0); code != SQLITE_OK) return code;
  }
  sqlite3_vfs* real_vfs = find_real_vfs();
  return real_vfs->xDelete(real_vfs, name, sync_directory);
}

}  // namespace

// All others are the real one's, which do not look at the object they are called on.
InterposedVfs::InterposedVfs(Syncs syncs) : vfs_(*find_real_vfs()) {
  vfs_.pNext = nullptr;
  vfs_.zName = "interposed";
  vfs_.szOsFile = static_cast<int>(sizeof(WrappedFile)) + vfs_.szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = syncs == Syncs::reach_the_disk ? open_file<true> : open_file<false>;
  vfs_.xDelete = delete_file;
  HEARTH_CHECK(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
}

InterposedVfs::~InterposedVfs() {
  HEARTH_CHECK(sqlite3_vfs_unregister(&vfs_) == SQLITE_OK);
  HEARTH_CHECK(sqlite3_vfs_register(find_real_vfs(), 1) == SQLITE_OK);
}

}  // namespace hearth
