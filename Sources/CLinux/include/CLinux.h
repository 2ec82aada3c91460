// The part of libc that swinit uses, and inlines for what Swift can't import: `errno`, macros with
// arguments, variadic functions, unions.
//
// No _GNU_SOURCE: it would clash with Foundation's view of the same headers in the tests.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif
#ifndef SYS_pselect6
#define SYS_pselect6 SYS_pselect6_time64
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
// As glibc names it, and musl.
#if __SIZEOF_LONG__ == 4 && !defined(SYS_clock_gettime32)
#define SYS_clock_gettime32 SYS_clock_gettime
#endif

// Supervision has the numbers that most architectures have, and among them all that are built for.
_Static_assert(SIGBUS == 7 && SIGUSR1 == 10 && SIGCHLD == 17 && SIGTTOU == 22 && SIGSYS == 31 &&
                   EAGAIN == 11 && ENAMETOOLONG == 36 && ELOOP == 40,
               "signals or errors have other numbers here");

// What every object file that calls it would have a copy of: the linker keeps one.
#define CLINUX_ONCE __attribute__((weak, noinline))

// Calls whose functions take more bytes in the C library than the raw call does: prctl(2), readlink(2),
// tcgetpgrp(3) (-1 on failure) and tcsetpgrp(3).
static inline int clinux_prctl(int operation, long first, long second) {
  return (int)syscall(SYS_prctl, operation, first, second, 0L, 0L);
}
static inline long clinux_read_link(int directory, const char *path, char *buffer, size_t size) {
  return syscall(SYS_readlinkat, directory, path, buffer, size);
}
static inline pid_t clinux_foreground_group(int terminal) {
  pid_t group;
  return syscall(SYS_ioctl, terminal, TIOCGPGRP, &group) < 0 ? -1 : group;
}
static inline int clinux_set_foreground_group(int terminal, pid_t group) {
  return (int)syscall(SYS_ioctl, terminal, TIOCSPGRP, &group);
}

// Whether the program has rights that who executed it hasn't: by a set-user-ID or set-group-ID bit,
// or capabilities of the file, which are those that aren't ambient. AT_SECURE alone doesn't tell:
// under SELinux it may be set for each first process of a container.
static inline int clinux_has_borrowed_rights(void) {
  if (!getauxval(AT_SECURE)) return 0;
  if (getauxval(AT_UID) != getauxval(AT_EUID) || getauxval(AT_GID) != getauxval(AT_EGID)) return 1;
  uint32_t header[2] = {0x20080522 /* _LINUX_CAPABILITY_VERSION_3 */, 0}, sets[6] = {0};
  if (getauxval(AT_UID) == 0 || syscall(SYS_capget, header, sets) < 0) return 0;
  for (int capability = 0; capability < 64; capability++) {
    uint32_t permitted = sets[capability / 32 * 3 + 1];
    if (permitted >> capability % 32 & 1 &&
        clinux_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability) != 1)
      return 1;
  }
  return 0;
}

static inline int clinux_errno(void) { return errno; }

// A system call, made again for as long as it is interrupted. No handler interrupts swinit, but a
// stop may, and so may a file system that isn't of this machine.
CLINUX_ONCE long clinux_call(long number, long first, long second, long third, long fourth,
                             long fifth) {
  long result;
  do
    result = syscall(number, first, second, third, fourth, fifth);
  while (result < 0 && errno == EINTR);
  return result;
}

// The raw call: the C libraries leave the signals that they keep for themselves out of a mask.
static inline int clinux_sigprocmask(int how, const uint64_t *set, uint64_t *old) {
  return (int)syscall(SYS_rt_sigprocmask, how, set, old, sizeof *set);
}

// The raw call, with the kernel's structure all zero: SIG_DFL, no flags, an empty mask.
static inline int clinux_set_default_action(int signal) {
  uint64_t action[8] = {0};
  return (int)syscall(SYS_rt_sigaction, signal, action, 0, sizeof(uint64_t));
}

struct clinux_signal {
  int number;
  int code;
  pid_t sender;
  int status;
};

// sigtimedwait(2), for ever without a timeout. The raw call, where time has 64 bits in any kernel:
// the function takes more bytes, and more time for each orphan.
static inline int clinux_sigwait(uint64_t signals, struct clinux_signal *taken,
                                 const struct timespec *timeout) {
  siginfo_t info;
#if __SIZEOF_LONG__ == 8
  int number = (int)syscall(SYS_rt_sigtimedwait, &signals, &info, timeout, sizeof signals);
#else
  sigset_t set;
  memset(&set, 0, sizeof set);
  memcpy(&set, &signals, sizeof signals);
  int number = sigtimedwait(&set, &info, timeout);
#endif
  if (number > 0) *taken = (struct clinux_signal){number, info.si_code, info.si_pid, info.si_status};
  return number;
}

// A clock; zero if it can't be read, as under a profile whose author saw it read without a call: then
// time stands still but for what waits take. The raw call: reading the clock without one takes a
// kilobyte. Where `long` has 32 bits, kernels before 5.1 and some engines' old seccomp profiles know
// only the call for times of 32 bits.
CLINUX_ONCE struct timespec clinux_read_clock(clockid_t clock) {
  struct timespec now = {0};
#if __SIZEOF_LONG__ == 8
  // Once more, lest a single failure end a grace period at once.
  if (syscall(SYS_clock_gettime, clock, &now) < 0) syscall(SYS_clock_gettime, clock, &now);
#else
  int64_t time[2];
  int32_t time_of_old[2];
  if (syscall(SYS_clock_gettime64, clock, time) == 0) {
    now.tv_sec = time[0];
    now.tv_nsec = (long)time[1];
  } else if (syscall(SYS_clock_gettime32, clock, time_of_old) == 0) {
    now.tv_sec = time_of_old[0];
    now.tv_nsec = time_of_old[1];
  }
#endif
  return now;
}

// Nanoseconds of the monotonic clock.
static inline int64_t clinux_now(void) {
  struct timespec now = clinux_read_clock(CLOCK_MONOTONIC);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Milliseconds since 1970 began.
static inline int64_t clinux_time(void) {
  struct timespec now = clinux_read_clock(CLOCK_REALTIME);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Whether a signal reports a child that SIGKILL killed.
static inline int clinux_reports_kill(const struct clinux_signal *signal) {
  return signal->number == SIGCHLD && signal->code == CLD_KILLED && signal->status == SIGKILL;
}

static inline int clinux_set_subreaper(void) { return clinux_prctl(PR_SET_CHILD_SUBREAPER, 1, 0); }

static inline int clinux_set_parent_death_signal(int signal) {
  return clinux_prctl(PR_SET_PDEATHSIG, signal, 0);
}

// Starts a program in a process group of its own, with the signals of a 64-bit mask blocked; `file` is
// searched for in the environment's PATH if it has no slash. Returns 0, or the error, that of a failed
// execution included. posix_spawnp(3)
int clinux_spawn(pid_t *process, const char *file, char *const *arguments, char *const *environment,
                 uint64_t blocked);

// fork(2) without the handlers and locks that several threads would need; see pthread_atfork(3).
pid_t clinux_fork(void);

// Room for one of two variables of the environment, of 31 bytes at most.
char *_Nonnull clinux_variable(int number);

// Leaves a forked child at once, without the work of exit(3).
static inline void clinux_exit(int status) { _exit(status); }

// A pipe for an error that an execution would close: the end to read and the end to write.
// Returns -1 with errno set. pipe2(2)
int clinux_pipe(int *reading, int *writing);

// Whether a descriptor can be read, or its other end is closed, within some milliseconds.
int clinux_is_readable(int descriptor, int milliseconds);

// How many descriptors may be open, or more than that if it can't be told. getrlimit(2)
static inline uint64_t clinux_descriptor_limit(void) {
  uint64_t limits[2];
  return syscall(SYS_prlimit64, 0L, (long)RLIMIT_NOFILE, 0L, limits) == 0 ? limits[0] : ~0ULL;
}

static inline int clinux_close_range(unsigned first, unsigned last) {
  return (int)syscall(SYS_close_range, first, last, 0);
}

// A file that is made may be read by all, and written by its owner.
CLINUX_ONCE int clinux_open(const char *path, int flags) {
  return (int)clinux_call(SYS_openat, AT_FDCWD, (long)path, flags | O_LARGEFILE, 0644, 0);
}

// Whether nothing on a file's file system may be executed. statvfs(3)
static inline int clinux_is_mounted_noexec(const char *path) {
  enum { noexec = 8 };  // ST_NOEXEC, which both C libraries hide without _GNU_SOURCE
  struct statvfs system;
  return statvfs(path, &system) == 0 && system.f_flag & noexec;
}

static inline int clinux_duplicate(int descriptor, int lowest) {
  return (int)clinux_call(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, lowest, 0, 0);
}

// dup2(2), of a descriptor to another one.
static inline int clinux_move(int descriptor, int other) {
  return (int)clinux_call(SYS_dup3, descriptor, other, 0, 0, 0);
}

CLINUX_ONCE ssize_t clinux_read(int descriptor, void *buffer, size_t size) {
  return clinux_call(SYS_read, descriptor, (long)buffer, (long)size, 0, 0);
}

CLINUX_ONCE ssize_t clinux_write(int descriptor, const void *bytes, size_t size) {
  return clinux_call(SYS_write, descriptor, (long)bytes, (long)size, 0, 0);
}

// Whether a descriptor was opened for writing. F_GETFL(2const)
static inline int clinux_is_open_for_writing(int descriptor) {
  int mode = (int)clinux_call(SYS_fcntl, descriptor, F_GETFL, 0, 0, 0) & O_ACCMODE;
  return mode == O_WRONLY || mode == O_RDWR;
}

// Writes to a socket; fails with EAGAIN where it would have to wait, and raises no SIGPIPE. send(2)
static inline ssize_t clinux_send(int socket, const void *bytes, size_t size) {
  return clinux_call(SYS_sendto, socket, (long)bytes, (long)size, MSG_DONTWAIT | MSG_NOSIGNAL, 0);
}

// Whether a write would be taken at once, or fail at once. Unlike poll(2), select(2) can tell when no
// descriptor may be opened.
static inline int clinux_takes_write(int descriptor) {
  unsigned long set = 1UL << descriptor;
  int64_t now[2] = {0, 0};
  long result;
  do
    result = syscall(SYS_pselect6, (long)descriptor + 1, 0L, &set, 0L, now, 0L);
  while (result < 0 && errno == EINTR);
  return result == 1;
}

// Children are waited for whatever signal their end sends: __WALL, which needs _GNU_SOURCE.
static const int clinux_wait_all = 0x40000000;

// A child that changed, left as it is (0 if there is none), and whether SIGKILL killed it. The raw
// call: the function takes more time for each orphan.
static inline int clinux_peek_changed(pid_t *pid, int *is_killed, int options) {
  siginfo_t info;
  info.si_pid = 0;
  int result = (int)syscall(SYS_waitid, (long)P_ALL, 0L, &info,
                            (long)(options | WEXITED | WNOHANG | WNOWAIT), 0L);
  *pid = info.si_pid;
  *is_killed = info.si_code == CLD_KILLED && info.si_status == SIGKILL;
  return result;
}

// Whether a child is stopped. waitid(2)
static inline int clinux_is_stopped(pid_t pid) {
  siginfo_t info;
  info.si_pid = 0;
  return clinux_call(SYS_waitid, P_PID, pid, (long)&info, WSTOPPED | WNOHANG | WNOWAIT, 0) == 0 &&
         info.si_pid == pid;
}

// Whether a child of this process, dead or alive, is in a process group. As long as one is, the kernel
// doesn't give the group's number to anybody else.
static inline int clinux_has_child_in(pid_t group) {
  return clinux_call(SYS_waitid, P_PGID, group, 0, WEXITED | WNOHANG | WNOWAIT, 0) == 0;
}

// waitpid(2), and what the child used: its peak memory in bytes, its processor time.
struct clinux_usage {
  int64_t peak;
  int64_t milliseconds;
};
static inline pid_t clinux_wait(pid_t pid, int *status, int options, struct clinux_usage *usage) {
  struct rusage used;
  pid_t child = wait4(pid, status, options, &used);
  if (child > 0) {
    usage->peak = (int64_t)used.ru_maxrss * 1024;
    usage->milliseconds = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                          (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
  }
  return child;
}

// waitpid(2) for a child that ends, whatever its status.
static inline pid_t clinux_reap(pid_t pid) {
  return (pid_t)clinux_call(SYS_wait4, pid, 0, 0, 0, 0);
}

// Entries of a directory, as getdents64(2) gives them, and where in one the name is.
static inline long clinux_read_directory(int descriptor, void *buffer, unsigned long size) {
  return syscall(SYS_getdents64, descriptor, buffer, size);
}
enum { clinux_entry_length_offset = 16, clinux_entry_name_offset = 19 };

// Memory for the whole life of the process, which costs nothing while it isn't touched. Every
// object file that calls one of these has its own; so each is called in one function only, which
// isn't inlined. What is large is in sections of its own, or it would lie between what is small.
enum {
  clinux_scratch_capacity = PATH_MAX + NAME_MAX + 2,
  clinux_head_capacity = 1024,
  clinux_cgroup_capacity = 1024,
  clinux_process_limit = 1 << 22  // PID_MAX_LIMIT, proc_sys_kernel(5)
};
static inline char *_Nonnull clinux_scratch_buffer(void) {
  static __attribute__((section(".bss.scratch"))) _Alignas(8) char scratch[clinux_scratch_capacity];
  return scratch;
}
static inline char *_Nonnull clinux_head_buffer(void) {
  static __attribute__((section(".bss.head"))) char head[clinux_head_capacity];
  return head;
}
static inline char *_Nonnull clinux_cgroup_buffer(void) {
  static char path[clinux_cgroup_capacity];
  return path;
}
static inline uint64_t *_Nonnull clinux_process_set_buffer(int number) {
  static __attribute__((section(".bss.process_sets"))) uint64_t sets[3][clinux_process_limit / 64];
  return sets[number];
}
