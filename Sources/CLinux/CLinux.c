// For pipe2 and _Fork.
#define _GNU_SOURCE
#include "CLinux.h"

#include <poll.h>
#include <spawn.h>

#ifndef __GLIBC__
// musl's posix_spawn saves and restores the mask through this function, which leaves out 32 to 34 there:
// they would be unblocked when it returns, and one that is pending would kill swinit. This definition
// takes its place, and keeps all 64.
int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  // All signals are blocked whenever this is called: posix_spawn heeds no failure.
  if (old) memset(old, 0xff, sizeof(uint64_t));
  return syscall(SYS_rt_sigprocmask, how, set, old, sizeof(uint64_t)) < 0 ? errno : 0;
}
#endif

int clinux_spawn(pid_t *process, const char *file, char *const *arguments, char *const *environment,
                 uint64_t blocked) {
  posix_spawnattr_t attributes;
  // sigaddset would refuse 32 to 34.
  sigset_t mask;
  memset(&mask, 0, sizeof mask);
  memcpy(&mask, &blocked, sizeof blocked);
  // None of these fails with valid flags; nor is there anything to destroy.
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &mask);
  return posix_spawnp(process, file, 0, &attributes, arguments, environment);
}

pid_t clinux_fork(void) { return _Fork(); }

int clinux_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

int clinux_is_readable(int descriptor, int milliseconds) {
  struct pollfd file = {descriptor, POLLIN, 0};
  int count;
  do
    count = poll(&file, 1, milliseconds);
  while (count < 0 && errno == EINTR);
  return count != 0;
}

char *clinux_variable(int number) {
  static char variables[2][32];
  return variables[number & 1];
}
