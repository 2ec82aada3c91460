// What the probe needs of libc, and raw system calls where libc keeps signals 32 to 34 to itself.
//
// The probe forks, and Glibc's overlay forbids that in Swift: so it imports this and never Glibc.
#pragma once

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline int probe_errno(void) { return errno; }

static inline char **probe_environment(void) {
  extern char **environ;
  return environ;
}

static inline int probe_set_mask(uint64_t blocked) {
  return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, 0L, sizeof blocked);
}

// The kernel's own structure: libc's call refuses the signals that it uses itself.
static inline int probe_set_action(int signal, int ignored) {
  struct {
    void (*handler)(int);
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action = {ignored ? SIG_IGN : SIG_DFL, 0, 0, 0};
  return (int)syscall(SYS_rt_sigaction, signal, &action, 0L, sizeof action.mask);
}

// Takes any pending signal; waits for one unless `timeout` says how long.
static inline int probe_take_signal(const struct timespec *timeout) {
  uint64_t all = ~0ULL;
  return (int)syscall(SYS_rt_sigtimedwait, &all, 0L, timeout, sizeof all);
}

// Sends a signal in the way that tells when a real-time one can't be queued: kill(2) loses that one.
static inline int probe_queue(pid_t process, int signal) {
  siginfo_t information;
  memset(&information, 0, sizeof information);
  information.si_signo = signal;
  information.si_code = SI_QUEUE;
  information.si_pid = getpid();
  information.si_uid = getuid();
  return (int)syscall(SYS_rt_sigqueueinfo, process, signal, &information);
}

// Numbers that a process and its children share.
static inline int64_t *probe_share_numbers(int count) {
  void *numbers = mmap(
      0, count * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return numbers == MAP_FAILED ? 0 : (int64_t *)numbers;
}

static inline int64_t probe_add(int64_t *number, int64_t addend) {
  return __atomic_add_fetch(number, addend, __ATOMIC_SEQ_CST);
}

static inline int probe_open_signals(void) {
  uint64_t all = ~0ULL;
  return (int)syscall(SYS_signalfd4, -1L, &all, sizeof all, O_CLOEXEC);
}

// Appends to a file what the process and its children write.
static inline int probe_open_to_append(const char *path) {
  return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static inline int probe_open(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

// Without making it the controlling one, which the open by a session's leader may do.
static inline int probe_open_terminal(const char *path) {
  return open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
}

static inline int probe_take_terminal(int terminal) { return ioctl(terminal, TIOCSCTTY, 0); }

static inline int probe_set_close_on_exec(int descriptor) {
  return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

static inline int probe_is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

static inline int probe_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L); }

// Forks a child that is PID 1 of a new namespace.
static inline pid_t probe_fork_namespace(void) {
  return (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0L, 0L, 0L, 0L);
}

static inline int probe_limit(int resource, unsigned long value) {
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

static inline int probe_wait_any(int *status) { return waitpid(-1, status, WNOHANG); }
static inline int probe_exited(int status) { return WIFEXITED(status); }
static inline int probe_exit_code(int status) { return WEXITSTATUS(status); }
static inline int probe_signal(int status) { return WTERMSIG(status); }

// A mount namespace of the process's own, of which nobody else sees anything.
static inline int probe_unshare_mounts(void) {
  if (syscall(SYS_unshare, (long)CLONE_NEWNS) != 0) return -1;
  return mount("none", "/", 0, MS_REC | MS_PRIVATE, 0);
}

static inline int probe_open_fuse(void) { return open("/dev/fuse", O_RDWR); }

struct probe_fuse_init_answer {
  struct fuse_out_header header;
  struct fuse_init_out body;
};

// What a file system says first: which version of the protocol it speaks.
static inline struct probe_fuse_init_answer probe_fuse_init_answer(void) {
  struct probe_fuse_init_answer answer;
  memset(&answer, 0, sizeof answer);
  answer.header.len = sizeof answer;
  answer.body.major = FUSE_KERNEL_VERSION;
  answer.body.minor = FUSE_KERNEL_MINOR_VERSION;
  answer.body.max_write = 4096;
  return answer;
}
