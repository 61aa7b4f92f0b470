/*
 * Loaded with LD_PRELOAD into a till's core. Writes down, in order, what the process does to the files of one
 * folder and what it says to its parent, so that a test can cut the power between any two of these.
 * Record: kind, length of name, length of data, offset, name, data; native byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, UNLINK, RENAME, SAID, UNKNOWN, LINK };

struct head {
  uint32_t kind, name_length, data_length, spare;
  uint64_t offset;
};

static int log_fd = -1;
static int said_fd = -1;
static char folder[PATH_MAX];
static size_t folder_length;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("RECORDER_LOG"), *where = getenv("RECORDER_FOLDER");
  const char *channel = getenv("NODE_CHANNEL_FD");
  if (!log || !where || !realpath(where, folder)) return;
  folder_length = strlen(folder);
  if (channel) said_fd = atoi(channel);
  int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  log_fd = fcntl(fd, F_DUPFD_CLOEXEC, 800);
  close(fd);
}

static void note(int kind, const char *name, off_t offset, const struct iovec *parts, int count) {
  struct head head = { kind, strlen(name), 0, 0, (uint64_t)offset };
  struct iovec all[66] = { { &head, sizeof head }, { (void *)name, head.name_length } };
  if (count > 64) abort();
  for (int at = 0; at < count; at++) {
    all[at + 2] = parts[at];
    head.data_length += parts[at].iov_len;
  }
  int kept = errno;
  static ssize_t (*put)(int, const struct iovec *, int);
  pthread_mutex_lock(&order);
  if (!put) put = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
  if (put(log_fd, all, count + 2) < 0) abort();
  pthread_mutex_unlock(&order);
  errno = kept;
}

/* Name inside the folder of what is open; "" for the folder itself; null for anything else. */
static const char *name_of(int fd, char *path) {
  if (log_fd < 0 || fd == log_fd || fd < 0) return NULL;
  char link[40];
  int kept = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  errno = kept;
  if (length < 0) return NULL;
  path[length] = 0;
  if (strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == 0) return path + folder_length;
  return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

static const char *name_at(const char *path) {
  if (log_fd < 0 || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return NULL;
  return path + folder_length + 1;
}

static void wrote(int fd, const void *bytes, ssize_t length, off_t offset) {
  char path[PATH_MAX];
  const char *name = length > 0 ? name_of(fd, path) : NULL;
  struct iovec part = { (void *)bytes, (size_t)length };
  if (name) note(WRITE, name, offset, &part, 1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL(pwrite64);
  ssize_t done = real(fd, bytes, length, offset);
  wrote(fd, bytes, done, offset);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  struct iovec part = { (void *)bytes, length };
  if (log_fd >= 0 && fd == said_fd) note(SAID, "", 0, &part, 1);
  ssize_t done = real(fd, bytes, length);
  if (log_fd >= 0 && fd != said_fd && done > 0) {
    off_t end = lseek(fd, 0, SEEK_CUR);
    if (end >= 0) wrote(fd, bytes, done, end - done);
  }
  return done;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  char path[PATH_MAX];
  if (log_fd >= 0 && fd == said_fd) note(SAID, "", 0, parts, count);
  else if (name_of(fd, path)) note(UNKNOWN, "writev", 0, NULL, 0);
  return real(fd, parts, count);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  REAL(sendmsg);
  if (log_fd >= 0 && fd == said_fd) note(SAID, "", 0, message->msg_iov, (int)message->msg_iovlen);
  return real(fd, message, flags);
}

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  char path[PATH_MAX];
  int failed = real(fd, length);
  const char *name = failed ? NULL : name_of(fd, path);
  if (name) note(TRUNCATE, name, length, NULL, 0);
  return failed;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static void synced(int fd) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (name) note(SYNC, name, 0, NULL, 0);
}
int fsync(int fd) {
  REAL(fsync);
  int failed = real(fd);
  if (!failed) synced(fd);
  return failed;
}
int fdatasync(int fd) {
  REAL(fdatasync);
  int failed = real(fd);
  if (!failed) synced(fd);
  return failed;
}

int unlink(const char *path) {
  REAL(unlink);
  int failed = real(path);
  const char *name = failed ? NULL : name_at(path);
  if (name) note(UNLINK, name, 0, NULL, 0);
  return failed;
}
int remove(const char *path) {
  REAL(remove);
  int failed = real(path);
  const char *name = failed ? NULL : name_at(path);
  if (name) note(UNLINK, name, 0, NULL, 0);
  return failed;
}
int rename(const char *from, const char *to) {
  REAL(rename);
  int failed = real(from, to);
  const char *name = failed ? NULL : name_at(from), *target = failed ? NULL : name_at(to);
  struct iovec part = { (void *)target, target ? strlen(target) : 0 };
  if (name && target) note(RENAME, name, 0, &part, 1);
  return failed;
}
int link(const char *from, const char *to) {
  REAL(link);
  int failed = real(from, to);
  const char *name = failed ? NULL : name_at(from), *target = failed ? NULL : name_at(to);
  struct iovec part = { (void *)target, target ? strlen(target) : 0 };
  if (name && target) note(LINK, name, 0, &part, 1);
  return failed;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
  REAL(fallocate64);
  char path[PATH_MAX];
  if (name_of(fd, path)) note(UNKNOWN, "fallocate", 0, NULL, 0);
  return real(fd, mode, offset, length);
}
