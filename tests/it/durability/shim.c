/* Stands between the collector and the C library, and through it the disk and the clock.
 *
 * It writes every change to files in one folder down in a journal, from which the test works out what a disk
 * may hold after a power cut. It dies at a chosen change, and it fails, lies or runs fast where the test says so.
 * The test speaks to it through a mapped file of numbers, at any time; `shim.rs` has the same list.
 * The shared memory of SQLite (`-shm`) is left out: nothing in it outlives a power cut.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* What the test sets. */
enum { DIE_AT, DIE_ON, DIE_IN, WRITE_ERRNO, GROW_ERRNO, SYNC_ERRNO, SYNC_FAILS, OPEN_ERRNO, FREE_BYTES, FS_TYPE,
       CLOCK_S, CONTROLS };

/* What the journal says. */
enum { START = 1, OPEN, CLOSE, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, UNLINK, RENAME, FORGET };

/* What a descriptor is. */
enum { FOREIGN, DATABASE, WAL, FOLDER };

#define FDS 65536

struct entry { uint32_t what; int32_t fd; int64_t at; uint64_t len; };

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static volatile int64_t *control;
static char folder[PATH_MAX];
static int journal = -1;
static unsigned char kinds[FDS];

static void stop(const char *why) {
  dprintf(2, "shim: %s\n", why);
  abort();
}

static void note(int what, int fd, int64_t at, const void *bytes, size_t len) {
  struct entry entry = { what, fd, at, len };
  struct iovec parts[2] = { { &entry, sizeof entry }, { (void *)bytes, len } };
  if (syscall(SYS_writev, journal, parts, 2) != (long)(sizeof entry + len)) stop("the journal cannot be written");
}

__attribute__((constructor)) static void start(void) {
  const char *in = getenv("SHIM_FOLDER"), *to = getenv("SHIM_JOURNAL"), *by = getenv("SHIM_CONTROL");
  if (!in || !to || !by || !realpath(in, folder)) stop("SHIM_FOLDER, SHIM_JOURNAL and SHIM_CONTROL are needed");
  journal = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  int fd = syscall(SYS_openat, AT_FDCWD, by, O_RDWR | O_CLOEXEC);
  control = mmap(0, CONTROLS * sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (journal < 0 || control == MAP_FAILED) stop("its files cannot be opened");
  syscall(SYS_close, fd);
  note(START, -1, 0, 0, 0);
}

/* A change is about to happen: is it the one before which the process dies? */
static void change(int what, int kind) {
  int is_meant = (!control[DIE_ON] || control[DIE_ON] == what) && (!control[DIE_IN] || control[DIE_IN] == kind);
  if (!control[DIE_AT] || !is_meant || --control[DIE_AT]) return;
  for (;;) kill(getpid(), SIGKILL); /* The lock is held: no other thread changes anything either. */
}

static int kind_of(int fd) { return fd >= 0 && fd < FDS ? kinds[fd] : FOREIGN; }

static int ends(const char *name, const char *end) {
  size_t len = strlen(name), of = strlen(end);
  return len >= of && !strcmp(name + len - of, end);
}

/* The name of a file in the folder, "" for the folder itself, 0 for anything else. */
static const char *name_of(const char *path) {
  char real[PATH_MAX], parent[PATH_MAX];
  if (!control) return 0;
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  size_t len = slash ? (size_t)(slash - path) : 0;
  if (realpath(path, real) && !strcmp(real, folder)) return "";
  if (len >= sizeof parent) return 0;
  memcpy(parent, path, len);
  parent[len] = 0;
  if (!realpath(len ? parent : slash ? "/" : ".", real) || strcmp(real, folder)) return 0;
  return ends(name, "-shm") ? 0 : name;
}

static int fail(int error) {
  errno = error;
  return -1;
}

/* A read-only file system refuses to open for writing; any other refusal is for everything. */
static int is_refused(int is_writing) { return control[OPEN_ERRNO] && (is_writing || control[OPEN_ERRNO] != EROFS); }

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  const char *name = name_of(path);
  if (!name) return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  pthread_mutex_lock(&one);
  int is_writing = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
  if (*name && is_refused(is_writing)) {
    pthread_mutex_unlock(&one);
    return fail(control[OPEN_ERRNO]);
  }
  int is_new = flags & O_CREAT && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) < 0;
  if (is_new) change(OPEN, DATABASE);
  int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (fd >= FDS) stop("too many descriptors");
  if (fd >= 0) {
    kinds[fd] = !*name ? FOLDER : ends(name, "-wal") ? WAL : DATABASE;
    if (*name) note(OPEN, fd, is_new, name, strlen(name));
    if (*name && flags & O_TRUNC) note(TRUNCATE, fd, 0, 0, 0);
  }
  pthread_mutex_unlock(&one);
  return fd;
}

int close(int fd) {
  if (kind_of(fd) == FOREIGN) return syscall(SYS_close, fd);
  pthread_mutex_lock(&one);
  if (kinds[fd] != FOLDER) note(CLOSE, fd, 0, 0, 0);
  kinds[fd] = FOREIGN;
  int result = syscall(SYS_close, fd);
  pthread_mutex_unlock(&one);
  return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) {
  int kind = kind_of(fd);
  if (kind == FOREIGN) return syscall(SYS_pwrite64, fd, bytes, len, at);
  pthread_mutex_lock(&one);
  struct stat found;
  int error = control[WRITE_ERRNO];
  if (!error && control[GROW_ERRNO] && !fstat(fd, &found) && at + (off_t)len > found.st_size)
    error = control[GROW_ERRNO];
  ssize_t result = -1;
  if (!error) {
    change(WRITE, kind);
    note(WRITE, fd, at, bytes, len);
    result = syscall(SYS_pwrite64, fd, bytes, len, at);
    if (result != (ssize_t)len) stop("the real disk did not take a write");
  }
  pthread_mutex_unlock(&one);
  return error ? fail(error) : result;
}

ssize_t write(int fd, const void *bytes, size_t len) {
  if (kind_of(fd) == FOREIGN) return syscall(SYS_write, fd, bytes, len);
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t result = pwrite(fd, bytes, len, at);
  if (result > 0) lseek(fd, at + result, SEEK_SET);
  return result;
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
  if (kind_of(fd) != FOREIGN) stop("writev to a database is not in the model");
  return syscall(SYS_writev, fd, parts, n);
}

int ftruncate(int fd, off_t len) {
  int kind = kind_of(fd);
  if (kind == FOREIGN) return syscall(SYS_ftruncate, fd, len);
  pthread_mutex_lock(&one);
  int error = control[WRITE_ERRNO], result = -1;
  if (!error) {
    change(TRUNCATE, kind);
    note(TRUNCATE, fd, len, 0, 0);
    result = syscall(SYS_ftruncate, fd, len);
  }
  pthread_mutex_unlock(&one);
  return error ? fail(error) : result;
}

/* The real disk is not asked: what would be on it is worked out from the journal. */
int fsync(int fd) {
  int kind = kind_of(fd);
  if (kind == FOREIGN) return syscall(SYS_fsync, fd);
  pthread_mutex_lock(&one);
  change(kind == FOLDER ? SYNC_FOLDER : SYNC, kind);
  int error = control[SYNC_FAILS] ? control[SYNC_ERRNO] : 0;
  if (error) {
    if (control[SYNC_FAILS] > 0) control[SYNC_FAILS]--;
    /* As Linux does: what could not be written counts as clean from now on, and is never written. */
    if (kind != FOLDER) note(FORGET, fd, 0, 0, 0);
  } else {
    note(kind == FOLDER ? SYNC_FOLDER : SYNC, fd, 0, 0, 0);
  }
  pthread_mutex_unlock(&one);
  return error ? fail(error) : 0;
}

int unlink(const char *path) {
  const char *name = name_of(path);
  if (!name) return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  pthread_mutex_lock(&one);
  int error = control[OPEN_ERRNO], result = -1;
  if (!error) {
    change(UNLINK, DATABASE);
    result = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!result) note(UNLINK, -1, 0, name, strlen(name));
  }
  pthread_mutex_unlock(&one);
  return error ? fail(error) : result;
}

int rename(const char *from, const char *to) {
  const char *old = name_of(from), *new = name_of(to);
  if (!old && !new) return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  if (!old || !new) stop("a rename into or out of the folder is not in the model");
  char names[2 * NAME_MAX + 2];
  pthread_mutex_lock(&one);
  change(RENAME, DATABASE);
  int result = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  int len = snprintf(names, sizeof names, "%s/%s", old, new);
  if (!result) note(RENAME, -1, 0, names, len);
  pthread_mutex_unlock(&one);
  return result;
}

int access(const char *path, int mode) {
  const char *name = mode == F_OK ? 0 : name_of(path);
  if (name && is_refused(mode & W_OK)) return fail(control[OPEN_ERRNO]);
  return syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

int statfs(const char *path, struct statfs *found) {
  int result = syscall(SYS_statfs, path, found);
  if (!result && control && control[FS_TYPE]) found->f_type = control[FS_TYPE];
  return result;
}

int statvfs(const char *path, struct statvfs *found) {
  struct statfs real;
  if (syscall(SYS_statfs, path, &real)) return -1;
  memset(found, 0, sizeof *found);
  found->f_bsize = found->f_frsize = real.f_bsize;
  found->f_blocks = real.f_blocks;
  int64_t free_blocks = control && control[FREE_BYTES] ? control[FREE_BYTES] / real.f_bsize : (int64_t)real.f_bavail;
  found->f_bfree = found->f_bavail = free_blocks;
  found->f_namemax = real.f_namelen;
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (!result && clock == CLOCK_REALTIME && control) now->tv_sec += control[CLOCK_S];
  return result;
}

/* The same calls under the names of a build with 64-bit offsets; they are the same on 64-bit machines. */
int open64(const char *, int, ...) __attribute__((alias("open")));
ssize_t pwrite64(int, const void *, size_t, off64_t) __attribute__((alias("pwrite")));
int ftruncate64(int, off64_t) __attribute__((alias("ftruncate")));
int fdatasync(int) __attribute__((alias("fsync")));
int statfs64(const char *, struct statfs64 *) __attribute__((alias("statfs")));
int statvfs64(const char *, struct statvfs64 *) __attribute__((alias("statvfs")));
