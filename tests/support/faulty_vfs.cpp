#include "tests/support/faulty_vfs.h"

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What SQLite sees as its file. The real one follows in the same memory.
struct WrappedFile {
  sqlite3_file base;
  FaultyVfs* vfs;
  int open_flags;
};

WrappedFile& wrapped(sqlite3_file* file) { return *reinterpret_cast<WrappedFile*>(file); }

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<WrappedFile*>(file) + 1);
}

bool is(sqlite3_file* file, int kind) { return (wrapped(file).open_flags & kind) != 0; }

/// Hands a call on to the real file's method of the same place.
template <auto method, typename... Arguments>
auto pass_on(sqlite3_file* file, Arguments... arguments) {
  return (real(file)->pMethods->*method)(real(file), arguments...);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (is(file, SQLITE_OPEN_WAL)) ++wrapped(file).vfs->unsynced_wal_writes;
  return pass_on<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int sync_file(sqlite3_file* file, int flags) {
  FaultyVfs& vfs = *wrapped(file).vfs;
  const bool is_wal = is(file, SQLITE_OPEN_WAL);
  if (is_wal && vfs.wal_syncs_fail) return SQLITE_IOERR_FSYNC;
  if (is(file, SQLITE_OPEN_MAIN_DB) && vfs.database_syncs_fail) return SQLITE_IOERR_FSYNC;
  const int code = pass_on<&sqlite3_io_methods::xSync>(file, flags);
  if (is_wal && code == SQLITE_OK) {
    ++vfs.wal_syncs;
    vfs.unsynced_wal_writes = 0;
  }
  return code;
}

/// Version 2: without memory-mapped reads, which WAL does not need.
constexpr sqlite3_io_methods methods = {
    2,
    pass_on<&sqlite3_io_methods::xClose>,
    pass_on<&sqlite3_io_methods::xRead>,
    write_file,
    pass_on<&sqlite3_io_methods::xTruncate>,
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

/// The default where there is no FaultyVfs.
sqlite3_vfs* find_real_vfs() { return sqlite3_vfs_find("unix"); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& owner = *static_cast<FaultyVfs*>(vfs->pAppData);
  wrapped(file) = {{nullptr}, &owner, flags};
  real(file)->pMethods = nullptr;
  sqlite3_vfs* real_vfs = find_real_vfs();
  const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, flags_out);
  if (real(file)->pMethods != nullptr) wrapped(file).base.pMethods = &methods;  // else SQLite does not close it
  return code;
}

}  // namespace

// All but xOpen are the real one's, which do not look at the object they are called on.
FaultyVfs::FaultyVfs() : vfs_(*find_real_vfs()) {
  vfs_.pNext = nullptr;
  vfs_.zName = "faulty";
  vfs_.szOsFile = static_cast<int>(sizeof(WrappedFile)) + vfs_.szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  HEARTH_CHECK(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() {
  HEARTH_CHECK(sqlite3_vfs_unregister(&vfs_) == SQLITE_OK);
  HEARTH_CHECK(sqlite3_vfs_register(find_real_vfs(), 1) == SQLITE_OK);
}

}  // namespace hearth
