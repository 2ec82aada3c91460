// The probe's calls of libc, and raw system calls where libc reserves signals 32 to 34.
//
// The Glibc module forbids fork in Swift, so the probe imports this module instead.
#pragma once

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/elf.h>
#include <linux/fuse.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
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

// Reads the status of every process in /proc: the least work that counting zombies needs.
static inline int probe_read_all_statuses(void) {
  DIR *directory = opendir("/proc");
  if (directory == NULL) return -1;
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    char path[32] = "/proc/", status[512];
    strcat(strncat(path, entry->d_name, 12), "/stat");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    count += read(file, status, sizeof status) > 0;
    close(file);
  }
  closedir(directory);
  return count;
}

// The processor time of this process in nanoseconds.
static inline int64_t probe_processor_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// The kernel's own structure, because libc's call refuses the signals that libc reserves.
static inline int probe_set_action(int signal, int ignored) {
  struct {
    void (*handler)(int);
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action = {ignored ? SIG_IGN : SIG_DFL, 0, 0, 0};
  return (int)syscall(SYS_rt_sigaction, signal, &action, 0L, sizeof action.mask);
}

// Forks a child whose exit sends its parent no signal.
static inline pid_t probe_fork_silent_child(void) {
  struct clone_args arguments;
  memset(&arguments, 0, sizeof arguments);
  return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

// Takes any pending signal, and waits for one, at most for `timeout` unless it is NULL.
static inline int probe_take_signal(const struct timespec *timeout) {
  uint64_t all = ~0ULL;
  return (int)syscall(SYS_rt_sigtimedwait, &all, 0L, timeout, sizeof all);
}

// Sends a signal, and fails if a real-time signal cannot be queued: kill(2) would lose it silently.
static inline int probe_queue(pid_t process, int signal) {
  siginfo_t information;
  memset(&information, 0, sizeof information);
  information.si_signo = signal;
  information.si_code = SI_QUEUE;
  information.si_pid = getpid();
  information.si_uid = getuid();
  return (int)syscall(SYS_rt_sigqueueinfo, process, signal, &information);
}

// Sends a signal whose sender seems to be another process.
static inline int probe_forge_sender(pid_t process, int signal, pid_t sender) {
  siginfo_t information;
  memset(&information, 0, sizeof information);
  information.si_signo = signal;
  information.si_code = SI_QUEUE;
  information.si_pid = sender;
  return (int)syscall(SYS_rt_sigqueueinfo, process, signal, &information);
}

// Makes a write to a pipe send a signal to another process, as if the kernel did. F_SETSIG
static inline int probe_signal_on_input(int reader, pid_t process, int signal) {
  enum { set_signal = 10 };  // F_SETSIG, which needs _GNU_SOURCE
  if (fcntl(reader, F_SETOWN, process) != 0 || fcntl(reader, set_signal, signal) != 0) return -1;
  return fcntl(reader, F_SETFL, O_ASYNC);
}

// Stops a process as its tracer, which interrupts its system call, and lets it go on. ptrace(2)
static inline int probe_interrupt(pid_t process) {
  enum { seize = 0x4206, interrupt = 0x4207, detach = 17 };
  if (ptrace(seize, process, 0, 0) < 0 || ptrace(interrupt, process, 0, 0) < 0) return -1;
  int status;
  if (waitpid(process, &status, __WALL) < 0 || !WIFSTOPPED(status)) return -1;
  return (int)ptrace(detach, process, 0, 0);
}

// Runs a program, and each that it becomes, with AT_SECURE set, which the kernel sets where a security module
// such as SELinux asks for it; gives the exit status. ptrace(2), getauxval(3)
static inline int probe_run_secure(char *const *arguments) {
  pid_t process = fork();
  if (process == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execvp(arguments[0], arguments);
    _exit(127);
  }
  int status;
  while (waitpid(process, &status, 0) == process && WIFSTOPPED(status)) {
    int signal = WSTOPSIG(status);
    if (signal == SIGTRAP) {
      // A program has just been executed. The entries are on its stack.
      unsigned long entries[128], start, end;
      char path[64], line[512];
      snprintf(path, sizeof path, "/proc/%d/auxv", process);
      int file = open(path, O_RDONLY);
      ssize_t size = read(file, entries, sizeof entries);
      close(file);
      snprintf(path, sizeof path, "/proc/%d/maps", process);
      FILE *maps = fopen(path, "r");
      while (fgets(line, sizeof line, maps) && !strstr(line, "[stack]")) continue;
      fclose(maps);
      snprintf(path, sizeof path, "/proc/%d/mem", process);
      int memory = open(path, O_RDWR);
      if (size <= 0 || memory < 0 || sscanf(line, "%lx-%lx", &start, &end) != 2) return -1;
      char *stack = (char *)malloc(end - start);
      ssize_t count = pread(memory, stack, end - start, (off_t)start), at = 0;
      while (at + size <= count && memcmp(stack + at, entries, (size_t)size)) at += sizeof *entries;
      if (at + size > count) return -1;
      free(stack);
      for (ssize_t index = 0; index < size / (ssize_t)sizeof *entries; index += 2) {
        if (entries[index] == 23 /* AT_SECURE */) entries[index + 1] = 1;
      }
      if (pwrite(memory, entries, (size_t)size, (off_t)start + at) != size) return -1;
      close(memory);
      signal = 0;
    }
    ptrace(PTRACE_CONT, process, 0, (long)signal);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Kills all descendants: two looks at all processes, since some may have been forked meanwhile. The names
// of the first eight are read.
static inline void probe_kill_descendants(void) {
  enum { limit = 1 << 22 };
  uint8_t *found = (uint8_t *)calloc(limit, 1);
  int names = 0;
  found[getpid()] = 1;
  for (int look = 0; look < 2; look++) {
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    while ((entry = readdir(processes))) {
      char path[64] = "/proc/", bytes[1024];
      int process = atoi(entry->d_name);
      if (process <= 0) continue;
      strcat(strcat(path, entry->d_name), "/stat");
      int file = open(path, O_RDONLY);
      ssize_t count = file < 0 ? 0 : read(file, bytes, sizeof bytes - 1);
      if (file >= 0) close(file);
      if (count <= 0) continue;
      bytes[count] = 0;
      const char *end = strrchr(bytes, ')');
      if (!end || found[process] || !found[atoi(end + 4)]) continue;
      found[process] = 1;
      if (names++ < 8) {
        strcpy(strrchr(path, '/'), "/comm");
        file = open(path, O_RDONLY);
        if (file >= 0 && read(file, bytes, sizeof bytes) >= 0) close(file);
      }
      kill(process, SIGKILL);
    }
    closedir(processes);
  }
}

// Traces a process, which stops before it exits until its tracer lets it go on. ptrace(2)
static inline int probe_hold_exit(pid_t process) {
  enum { seize = 0x4206, trace_exit = 0x40 };  // as in linux/ptrace.h
  return (int)ptrace(seize, process, 0, trace_exit);
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

// Opens a file to which the process and its children append.
static inline int probe_open_to_append(const char *path) {
  return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static inline int probe_open(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

static inline int probe_create(const char *path) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

// O_NOCTTY: a session leader's open would otherwise make it the controlling terminal.
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

// Forks a PID 1 that also has its own mount namespace, in which it can mount /proc.
static inline pid_t probe_fork_namespaces(void) {
  return (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0L, 0L, 0L, 0L);
}
static inline int probe_mount_proc(void) {
  if (mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) != 0) return -1;
  return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
}

static inline int probe_limit(int resource, unsigned long value) {
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

static inline int probe_wait_any(int *status) { return waitpid(-1, status, WNOHANG); }
static inline int probe_exited(int status) { return WIFEXITED(status); }
static inline int probe_exit_code(int status) { return WEXITSTATUS(status); }
static inline int probe_signal(int status) { return WTERMSIG(status); }

// Moves the process to a private mount namespace.
static inline int probe_unshare_mounts(void) {
  if (syscall(SYS_unshare, (long)CLONE_NEWNS) != 0) return -1;
  return mount("none", "/", 0, MS_REC | MS_PRIVATE, 0);
}

static inline int probe_open_fuse(void) { return open("/dev/fuse", O_RDWR); }

struct probe_fuse_init_answer {
  struct fuse_out_header header;
  struct fuse_init_out body;
};

// The first answer of a file system: its version of the protocol.
static inline struct probe_fuse_init_answer probe_fuse_init_answer(void) {
  struct probe_fuse_init_answer answer;
  memset(&answer, 0, sizeof answer);
  answer.header.len = sizeof answer;
  answer.body.major = FUSE_KERNEL_VERSION;
  answer.body.minor = FUSE_KERNEL_MINOR_VERSION;
  answer.body.max_write = 4096;
  return answer;
}

// Calls of a tracer; see ptrace(2).

static inline int probe_trace(pid_t process) {
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  return (int)ptrace(PTRACE_SEIZE, process, 0L, options);
}

// Stops a process for as long as this one traces it. Its pending signals stay as they are.
static inline int probe_hold(pid_t process) {
  if (ptrace(PTRACE_SEIZE, process, 0L, 0L) < 0) return -1;
  return (int)ptrace(PTRACE_INTERRUPT, process, 0L, 0L);
}

// Continues a tracee up to its next system call, or freely, and delivers a signal unless it is 0.
static inline int probe_trace_on(pid_t process, int signal) {
  return (int)ptrace(PTRACE_SYSCALL, process, 0L, (long)signal);
}
static inline int probe_trace_freely(pid_t process, int signal) {
  return (int)ptrace(PTRACE_CONT, process, 0L, (long)signal);
}
// Leaves a tracee stopped until it is continued.
static inline int probe_trace_stopped(pid_t process) {
  return (int)ptrace(PTRACE_LISTEN, process, 0L, 0L);
}
static inline int probe_trace_no_more(pid_t process) {
  return (int)ptrace(PTRACE_DETACH, process, 0L, 0L);
}

// The number of a system call at its entry, -1 at its exit, and -2 elsewhere.
static inline long probe_traced_call(pid_t process) {
  struct __ptrace_syscall_info info;
  long size = ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof info, &info);
  if (size <= 0) return -2;
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) return (long)info.entry.nr;
  return info.op == PTRACE_SYSCALL_INFO_EXIT ? -1 : -2;
}

#if defined(__x86_64__)
enum { probe_call_register = 8 * 15, probe_result_register = 8 * 10 };  // orig_rax, rax
static inline int probe_skip_call(pid_t process) {
  return (int)ptrace(PTRACE_POKEUSER, process, (long)probe_call_register, -1L);
}
static inline int probe_set_result(pid_t process, long result) {
  return (int)ptrace(PTRACE_POKEUSER, process, (long)probe_result_register, result);
}
#elif defined(__aarch64__)
static inline int probe_skip_call(pid_t process) {
  int none = -1;
  struct iovec memory = {&none, sizeof none};
  return (int)ptrace(PTRACE_SETREGSET, process, (long)NT_ARM_SYSTEM_CALL, &memory);
}
static inline int probe_set_result(pid_t process, long result) {
  uint64_t registers[34];
  struct iovec memory = {registers, sizeof registers};
  if (ptrace(PTRACE_GETREGSET, process, (long)NT_PRSTATUS, &memory) < 0) return -1;
  registers[0] = (uint64_t)result;
  return (int)ptrace(PTRACE_SETREGSET, process, (long)NT_PRSTATUS, &memory);
}
#endif

// Waits until any child or tracee terminates or stops.
static inline pid_t probe_wait_traced(int *status) { return waitpid(-1, status, __WALL); }
static inline int probe_stopped(int status) { return WIFSTOPPED(status); }
static inline int probe_stop_signal(int status) { return WSTOPSIG(status); }
static inline int probe_stop_event(int status) { return status >> 16; }

// The name of a system call, or "?" for one that is not in the list.
static inline const char *probe_call_name(long number) {
#define PROBE_CALL(name) \
  case SYS_##name: return #name;
  switch (number) {
#if defined(__x86_64__)
    PROBE_CALL(access) PROBE_CALL(arch_prctl) PROBE_CALL(dup2) PROBE_CALL(fork) PROBE_CALL(open)
    PROBE_CALL(poll) PROBE_CALL(readlink) PROBE_CALL(stat)
#endif
    PROBE_CALL(brk) PROBE_CALL(chdir) PROBE_CALL(clock_gettime) PROBE_CALL(clone)
    PROBE_CALL(close) PROBE_CALL(close_range) PROBE_CALL(dup3) PROBE_CALL(execve) PROBE_CALL(exit)
    PROBE_CALL(exit_group) PROBE_CALL(faccessat) PROBE_CALL(fcntl) PROBE_CALL(fstat)
    PROBE_CALL(futex) PROBE_CALL(getdents64) PROBE_CALL(geteuid) PROBE_CALL(getpgid)
    PROBE_CALL(getpid)
    PROBE_CALL(getppid) PROBE_CALL(getrandom) PROBE_CALL(getsid) PROBE_CALL(gettid)
    PROBE_CALL(ioctl) PROBE_CALL(kill) PROBE_CALL(madvise) PROBE_CALL(mmap) PROBE_CALL(mprotect)
    PROBE_CALL(munmap) PROBE_CALL(newfstatat) PROBE_CALL(openat) PROBE_CALL(pipe2) PROBE_CALL(ppoll)
    PROBE_CALL(prctl) PROBE_CALL(pread64) PROBE_CALL(prlimit64) PROBE_CALL(pselect6)
    PROBE_CALL(read) PROBE_CALL(readlinkat) PROBE_CALL(rseq) PROBE_CALL(rt_sigaction)
    PROBE_CALL(rt_sigpending) PROBE_CALL(rt_sigprocmask) PROBE_CALL(rt_sigtimedwait)
    PROBE_CALL(sendto)
    PROBE_CALL(set_robust_list) PROBE_CALL(statfs) PROBE_CALL(statx)
    PROBE_CALL(set_tid_address) PROBE_CALL(setpgid) PROBE_CALL(setsid) PROBE_CALL(wait4)
    PROBE_CALL(waitid) PROBE_CALL(write)
  }
#undef PROBE_CALL
  return "?";
}
