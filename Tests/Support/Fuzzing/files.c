// Files of the kernel with contents from a fuzzer: a program that opens one by
// these names reads those bytes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The suffixes of the names, and the content of each file.
static const char *const ends[] = {"/self/cgroup", "/self/mountinfo", "events", "oom_control",
                                   "max",          "peak",            "limit_in_bytes",
                                   "max_usage_in_bytes", "/stat", "/comm",
                                   "events.local"};
enum { files = sizeof ends / sizeof *ends };
static struct {
  const unsigned char *bytes;
  size_t count;
} contents[files];
// The names of the entries of /proc, separated by zeros, and the rest of them that was not read
// yet.
static const unsigned char *names, *unread, *names_end;
// The depth of the cgroup that has counters.
static unsigned depth;

int fuzz_file_count(void) { return files; }

void fuzz_set_file(int file, const unsigned char *bytes, size_t count) {
  contents[file].bytes = bytes;
  contents[file].count = count;
}

void fuzz_set_directory(const unsigned char *bytes, size_t count, unsigned account_depth) {
  names = unread = bytes;
  names_end = bytes + count;
  depth = account_depth;
}

static int ends_with(const char *path, const char *end) {
  size_t length = strlen(path), end_length = strlen(end);
  return length >= end_length && strcmp(path + length - end_length, end) == 0;
}

static long open_file(const char *path) {
  if (strcmp(path, "/proc") == 0) {
    unread = names;
    return memfd_create("directory", MFD_CLOEXEC);
  }
  for (int file = 0; file < files; file++) {
    if (!ends_with(path, ends[file])) continue;
    int descriptor = memfd_create("file", MFD_CLOEXEC);
    if (write(descriptor, contents[file].bytes, contents[file].count) < 0) return -1;
    lseek(descriptor, 0, SEEK_SET);
    return descriptor;
  }
  errno = ENOENT;
  return -1;
}

// getdents64(2): as many entries as fit.
static long read_directory(char *buffer, size_t size) {
  size_t used = 0;
  while (unread < names_end) {
    size_t length = strnlen((const char *)unread, names_end - unread);
    if (length > 255) length = 255;
    size_t entry = (19 + length + 1 + 7) & ~7ul;
    if (used + entry > size) break;
    memset(buffer + used, 0, entry);
    *(uint16_t *)(buffer + used + 16) = entry;
    memcpy(buffer + used + 19, unread, length);
    used += entry;
    unread += length < (size_t)(names_end - unread) ? length + 1 : length;
  }
  return used;
}

int access(const char *path, int mode) {
  unsigned slashes = 0;
  for (const char *c = path; *c; c++) slashes += *c == '/';
  if (slashes <= depth && mode == F_OK) return 0;
  errno = ENOENT;
  return -1;
}

long syscall(long number, ...) {
  static long (*real)(long, ...);
  if (!real) real = dlsym(RTLD_NEXT, "syscall");
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  switch (number) {
    case SYS_openat: return open_file((const char *)a[1]);
    case SYS_getdents64: return read_directory((char *)a[1], a[2]);
    case SYS_readlinkat: {
      // /proc/self
      char digits[16];
      int n = getpid(), length = 0;
      for (; n; n /= 10) digits[length++] = '0' + n % 10;
      for (int i = 0; i < length; i++) ((char *)a[2])[i] = digits[length - 1 - i];
      return length;
    }
    default: return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
}
