// The part of libc that swinit uses, and inlines for what Swift can't import: `errno`, macros with
// arguments, variadic functions, unions.
//
// No _GNU_SOURCE: it would clash with Foundation's view of the same headers in the tests.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

// Both C libraries have these, and hide them without _GNU_SOURCE.
extern int clone(int (*)(void *), void *, int, void *, ...);
enum { clinux_clone_vm = 0x100, clinux_clone_vfork = 0x4000 };

static inline int clinux_errno(void) { return errno; }

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
};

// sigtimedwait(2), for ever without a timeout.
static inline int clinux_sigwait(uint64_t signals, struct clinux_signal *taken,
                                 const struct timespec *timeout) {
  sigset_t set;
  siginfo_t info;
  memset(&set, 0, sizeof set);
  memcpy(&set, &signals, sizeof signals);
  int number = sigtimedwait(&set, &info, timeout);
  if (number > 0) *taken = (struct clinux_signal){number, info.si_code, info.si_pid};
  return number;
}

// Nanoseconds of the monotonic clock. The raw call: reading the clock without one takes a kilobyte.
static inline int64_t clinux_now(void) {
#ifdef SYS_clock_gettime64
  int64_t now[2];
  syscall(SYS_clock_gettime64, CLOCK_MONOTONIC, now);
  return now[0] * 1000000000 + now[1];
#else
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

// Whether a signal was sent by a process, and so has a sender: kill(2), sigqueue(3), tkill(2).
static inline int clinux_is_from_process(const struct clinux_signal *signal) {
  return signal->code <= 0;
}

static inline int clinux_set_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L); }

static inline int clinux_set_parent_death_signal(int signal) {
  return prctl(PR_SET_PDEATHSIG, (long)signal);
}

// Runs `body` in a child that shares this process's memory and that this process waits for, until
// the child replaces itself or returns: what posix_spawn(3) is made of.
static inline pid_t clinux_clone_sharing_memory(int (*body)(void *), void *context) {
  _Alignas(16) char stack[16384];
  return clone(body, stack + sizeof stack, clinux_clone_vm | clinux_clone_vfork | SIGCHLD,
               context);
}

static inline int clinux_close_range(unsigned first, unsigned last) {
  return (int)syscall(SYS_close_range, first, last, 0);
}

static inline int clinux_descriptor_limit(struct rlimit *limit) {
  return getrlimit(RLIMIT_NOFILE, limit);
}

static inline int clinux_open(const char *path, int flags) { return open(path, flags); }

// The child of `pid` (any for -1) that ended, left in its place; 0 if there is none.
static inline int clinux_peek_ended(pid_t *pid) {
  siginfo_t info;
  info.si_pid = 0;
  int result = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
  *pid = info.si_pid;
  return result;
}

// Entries of a directory, as getdents64(2) gives them, and where in one the name is.
static inline long clinux_read_directory(int descriptor, void *buffer, unsigned long size) {
  return syscall(SYS_getdents64, descriptor, buffer, size);
}
enum { clinux_entry_length_offset = 16, clinux_entry_name_offset = 19 };

// Memory for the whole life of the process, which costs nothing while it isn't touched. Every
// object file that calls one of these has its own; so each is called in one function only, which
// isn't inlined.
enum {
  clinux_path_capacity = PATH_MAX + NAME_MAX + 2,
  clinux_head_capacity = 1024,
  clinux_variable_capacity = 32,
  clinux_process_limit = 1 << 22  // PID_MAX_LIMIT, proc_sys_kernel(5)
};
static inline char *_Nonnull clinux_path_buffer(void) {
  static char path[clinux_path_capacity];
  return path;
}
static inline char *_Nonnull clinux_head_buffer(void) {
  static char head[clinux_head_capacity];
  return head;
}
static inline char *_Nonnull clinux_variable_buffer(void) {
  static char variable[clinux_variable_capacity];
  return variable;
}
static inline uint64_t *_Nonnull clinux_process_set_buffer(void) {
  static uint64_t set[clinux_process_limit / 64];
  return set;
}
