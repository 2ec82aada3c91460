// For pipe2.
#define _GNU_SOURCE
#include "CLinux.h"

#include <poll.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif
#ifndef SYS_pselect6
#define SYS_pselect6 SYS_pselect6_time64
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifdef SYS_mmap2
#define SYS_map SYS_mmap2
#else
#define SYS_map SYS_mmap
#endif
// As glibc names it, and musl.
#if __SIZEOF_LONG__ == 4 && !defined(SYS_clock_gettime32)
#define SYS_clock_gettime32 SYS_clock_gettime
#endif


// What the kernel returned: the C library keeps an error in `errno` instead.
__attribute__((noinline)) static long outcome(long result) { return result < 0 ? -errno : result; }

// A system call, made again for as long as it is interrupted. No handler interrupts swinit, but a
// stop may, and so may a file system that isn't of this machine. Calls that the C library has functions
// for are made by this one too if they may be interrupted: one loop for all.
__attribute__((noinline)) static long call(long number, long first, long second, long third, long fourth, long fifth) {
  long result;
  do
    result = outcome(syscall(number, first, second, third, fourth, fifth));
  while (result == -EINTR);
  return result;
}

#ifndef __GLIBC__
// musl's posix_spawn saves and restores the mask through this function, which leaves out 32 to 34 there:
// they would be unblocked when it returns, and one that is pending would kill swinit. This definition
// takes its place, and keeps all 64.
int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  // All signals are blocked whenever this is called: posix_spawn ignores a failure.
  if (old) memset(old, 0xff, sizeof(uint64_t));
  return syscall(SYS_rt_sigprocmask, how, set, old, sizeof(uint64_t)) < 0 ? errno : 0;
}
#endif

pid_t clinux_spawn(const char *file, char *const *arguments, char *const *environment,
                   uint64_t blocked) {
  pid_t process;
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
  int error = posix_spawn(&process, file, 0, &attributes, arguments, environment);
  return error ? -error : process;
}

// The raw call: what the C libraries do besides is for threads and for abort(3), and takes 2,936 bytes.
pid_t clinux_fork(void) { return (pid_t)outcome(syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L)); }

int clinux_execute(const char *file, char *const *arguments, char *const *environment) {
  return (int)outcome(execve(file, arguments, environment));
}

int clinux_create_group(void) { return (int)outcome(setpgid(0, 0)); }

int clinux_kill(pid_t target, int signal) { return (int)outcome(kill(target, signal)); }

int clinux_access(const char *path, int mode) { return (int)outcome(access(path, mode)); }

int clinux_make_pipe(struct clinux_pipe *ends) {
  return (int)outcome(pipe2((int *)ends, O_CLOEXEC | O_NONBLOCK));
}

int clinux_is_readable(int descriptor, int milliseconds) {
  struct pollfd file = {descriptor, POLLIN, 0};
  int count;
  do
    count = poll(&file, 1, milliseconds);
  while (count < 0 && errno == EINTR);
  return count != 0;
}

// The raw call: sigfillset leaves out the signals that the C library keeps for itself.
int clinux_signal_descriptor(void) {
  const uint64_t all = ~0ULL;
  return (int)call(SYS_signalfd4, -1, (long)&all, sizeof all, O_CLOEXEC, 0);
}

int clinux_poll(int readable, int exceptional, int other, int milliseconds) {
  struct pollfd files[] = {{readable, POLLIN, 0}, {exceptional, POLLPRI, 0}, {other, POLLPRI, 0}};
  int count = (int)outcome(poll(files, 3, milliseconds));
  return count > 0 && (files[1].revents || files[2].revents) ? 2 : count;
}

ssize_t clinux_read_first(int descriptor, void *buffer, size_t size) {
  return outcome(pread(descriptor, buffer, size, 0));
}

int clinux_is_of_cgroup(int descriptor) {
  struct statfs system;
  return fstatfs(descriptor, &system) == 0 && system.f_type == 0x63677270 /* CGROUP2_SUPER_MAGIC */;
}

char *clinux_variable_buffer(int number) {
  static char variables[2][clinux_variable_capacity];
  return variables[number & 1];
}

int clinux_has_elevated_privileges(void) {
  if (!getauxval(AT_SECURE)) return 0;
  if (getauxval(AT_UID) != getauxval(AT_EUID) || getauxval(AT_GID) != getauxval(AT_EGID)) return 1;
  // The raw call: the C libraries have no function for it. capget(2)
  uint32_t header[2] = {0x20080522 /* _LINUX_CAPABILITY_VERSION_3 */, 0}, sets[6] = {0};
  if (getauxval(AT_UID) == 0 || syscall(SYS_capget, header, sets) < 0) return 0;
  for (int capability = 0; capability < 64; capability++) {
    uint32_t permitted = sets[capability / 32 * 3 + 1];
    if (permitted >> capability % 32 & 1 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) != 1)
      return 1;
  }
  return 0;
}

int clinux_errno(void) { return errno; }

const char *clinux_machine(void) {
  static struct utsname name;
  uname(&name);
  return name.machine;
}

int clinux_set_mask(uint64_t blocked, uint64_t *before) {
  return (int)call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&blocked, (long)before, sizeof blocked, 0);
}

int clinux_set_default_action(int signal) {
  uint64_t action[8] = {0};
  return (int)call(SYS_rt_sigaction, signal, (long)action, 0, sizeof(uint64_t), 0);
}

int clinux_is_ignored(int signal) {
  // At most four words anywhere; as they are if the call fails.
  uint64_t action[4];
  action[0] = 0;
  call(SYS_rt_sigaction, signal, 0, (long)action, sizeof(uint64_t), 0);
  // The handler comes first, in the lower half where an address has 32 bits: all is little-endian.
  return (uintptr_t)action[0] == (uintptr_t)SIG_IGN;
}

int clinux_sigwait(uint64_t signals, struct clinux_signal *taken, const struct timespec *timeout) {
  siginfo_t info;
#if __SIZEOF_LONG__ == 8
  int number = (int)syscall(SYS_rt_sigtimedwait, &signals, &info, timeout, sizeof signals);
#else
  // As for the clock, two calls.
  int64_t time[2];
  int32_t time_of_old[2];
  if (timeout) {
    time[0] = time_of_old[0] = timeout->tv_sec;
    time[1] = time_of_old[1] = timeout->tv_nsec;
  }
  int number = syscall(SYS_rt_sigtimedwait_time64, &signals, &info, timeout ? time : 0, sizeof signals);
  if (number < 0 && errno != EAGAIN && errno != EINTR)
    number = syscall(SYS_rt_sigtimedwait, &signals, &info, timeout ? time_of_old : 0, sizeof signals);
#endif
  if (number > 0) *taken = (struct clinux_signal){number, info.si_code, info.si_pid, info.si_status};
  return (int)outcome(number);
}

// The raw call: reading the clock without one takes 1,096 bytes. Where `long` has 32 bits, kernels before
// 5.1 and some engines' old seccomp profiles know only the call for times of 32 bits.
static struct timespec read_clock(clockid_t clock) {
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

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now = read_clock(clock);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clinux_now(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t clinux_processor_time(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

int64_t clinux_boot_ticks(void) {
  struct timespec now = read_clock(CLOCK_BOOTTIME);
  return (int64_t)now.tv_sec * 100 + now.tv_nsec / 10000000;
}

int64_t clinux_time(void) {
  struct timespec now = read_clock(CLOCK_REALTIME);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int clinux_reports_kill(const struct clinux_signal *signal) {
  return signal->number == SIGCHLD && signal->code == CLD_KILLED && signal->status == SIGKILL;
}

uint64_t clinux_pending_signals(void) {
  uint64_t pending = 0;
  syscall(SYS_rt_sigpending, &pending, sizeof pending);
  return pending;
}

int clinux_signal_argument(long call) {
#ifdef __i386__
  // On an x86-64 kernel most processes are of 64 bits, and have that architecture's numbers.
  enum { kill_64 = 62, tkill_64 = 200, tgkill_64 = 234 };
  if (call == kill_64 || call == tkill_64) return 1;
  if (call == tgkill_64) return 2;
#endif
  return call == SYS_kill || call == SYS_tkill ? 1 : call == SYS_tgkill ? 2 : 0;
}

void clinux_disable_core_dumps(void) { prctl(PR_SET_DUMPABLE, 0); }

int clinux_set_subreaper(void) { return (int)outcome(prctl(PR_SET_CHILD_SUBREAPER, 1, 0)); }

int clinux_set_parent_death_signal(int signal) {
  return (int)outcome(prctl(PR_SET_PDEATHSIG, signal, 0));
}

void clinux_exit(int status) { _exit(status); }

// The raw call: getrlimit(2) has a fallback for kernels before 2.6.36, 144 bytes.
uint64_t clinux_descriptor_limit(void) {
  uint64_t limits[2];
  return syscall(SYS_prlimit64, 0L, (long)RLIMIT_NOFILE, 0L, limits) == 0 ? limits[0] : ~0ULL;
}

// The raw call: musl 1.2.3 has no function for it.
int clinux_close_from(unsigned first) {
  return (int)outcome(syscall(SYS_close_range, first, ~0U, 0));
}

int clinux_open(const char *path, int flags) {
  return (int)call(SYS_openat, AT_FDCWD, (long)path, flags | O_LARGEFILE, 0644, 0);
}

int clinux_is_mounted_noexec(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 && system.f_flags & ST_NOEXEC;
}

int clinux_duplicate(int descriptor, int lowest) {
  return (int)call(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, lowest, 0, 0);
}

int clinux_duplicate_to(int descriptor, int other) {
  return (int)call(SYS_dup3, descriptor, other, 0, 0, 0);
}

ssize_t clinux_read(int descriptor, void *buffer, size_t size) {
  return call(SYS_read, descriptor, (long)buffer, (long)size, 0, 0);
}

ssize_t clinux_write(int descriptor, const void *bytes, size_t size) {
  return call(SYS_write, descriptor, (long)bytes, (long)size, 0, 0);
}

int clinux_is_open_for_writing(int descriptor) {
  int mode = (int)call(SYS_fcntl, descriptor, F_GETFL, 0, 0, 0) & O_ACCMODE;
  return mode == O_WRONLY || mode == O_RDWR;
}

ssize_t clinux_send(int socket, const void *bytes, size_t size) {
  return call(SYS_sendto, socket, (long)bytes, (long)size, MSG_DONTWAIT | MSG_NOSIGNAL, 0);
}

// The raw call: select(2) converts its arguments, 256 bytes.
int clinux_is_writable(int descriptor) {
  unsigned long set = 1UL << descriptor;
  int64_t now[2] = {0, 0};
  long result;
  do
    result = outcome(syscall(SYS_pselect6, (long)descriptor + 1, 0L, &set, 0L, now, 0L));
  while (result == -EINTR);
  return result == 1;
}

void clinux_await_writable(int descriptor) {
  struct pollfd file = {descriptor, POLLOUT, 0};
  poll(&file, 1, -1);
}

pid_t clinux_peek_changed(int options, int *is_killed) {
  siginfo_t info;
  info.si_pid = 0;
  long result = call(SYS_waitid, P_ALL, 0, (long)&info, options | WEXITED | WNOHANG | WNOWAIT, 0);
  *is_killed = info.si_code == CLD_KILLED && info.si_status == SIGKILL;
  return result < 0 ? (pid_t)result : info.si_pid;
}

int clinux_is_stopped(pid_t pid) {
  siginfo_t info;
  info.si_pid = 0;
  return call(SYS_waitid, P_PID, pid, (long)&info, WSTOPPED | WNOHANG | WNOWAIT, 0) == 0 &&
         info.si_pid == pid;
}

int clinux_has_child_in(pid_t group) {
  return call(SYS_waitid, P_PGID, group, 0, WEXITED | WNOHANG | WNOWAIT, 0) == 0;
}

pid_t clinux_wait(pid_t pid, int *status, int options, struct clinux_usage *usage) {
  struct rusage used;
  pid_t child;
  do
    child = (pid_t)outcome(wait4(pid, status, options, usage ? &used : 0));
  while (child == -EINTR);
  if (child > 0 && usage) {
    usage->peak = (int64_t)used.ru_maxrss * 1024;
    usage->milliseconds = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                          (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
  }
  return child;
}

pid_t clinux_reap(pid_t pid) {
  int status;
  return clinux_wait(pid, &status, 0, 0);
}

// The raw call: the C libraries have no function in common.
long clinux_read_directory(int descriptor, void *buffer, size_t size) {
  return call(SYS_getdents64, descriptor, (long)buffer, (long)size, 0, 0);
}

long clinux_read_link(int directory, const char *path, char *buffer, size_t size) {
  return outcome(readlinkat(directory, path, buffer, size));
}

// What is needed together lies in one page, but for paths of more than 2,048 bytes.
static __attribute__((section(".bss.scratch"))) _Alignas(8) struct {
  char listing[clinux_listing_capacity];
  char file[clinux_file_capacity];
  char path[clinux_path_capacity];
} scratch;

char *clinux_listing_buffer(void) { return scratch.listing; }

char *clinux_file_buffer(void) { return scratch.file; }

char *clinux_path_buffer(void) { return scratch.path; }

char *clinux_cgroup_buffer(void) {
  static char path[clinux_cgroup_capacity];
  return path;
}

uint64_t *clinux_process_set_buffer(int number) {
  static __attribute__((section(".bss.process_sets"))) uint64_t sets[5][clinux_process_limit / 64];
  return sets[number];
}

void *clinux_candidate_buffer(void) {
  static __attribute__((section(".bss.process_sets"))) _Alignas(8) char buffer[clinux_candidate_capacity];
  return buffer;
}

int clinux_discard_failed_spawn(void) {
  struct clinux_signal taken;
  const struct timespec now = {0, 0};
  int number;
  do
    number = clinux_sigwait(1ULL << (SIGCHLD - 1), &taken, &now);
  while (number == -EINTR);
  return number > 0 && taken.code == CLD_EXITED && taken.status == 127;
}

int clinux_terminal_width(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

long clinux_page_size(void) { return (long)getauxval(AT_PAGESZ); }

// The raw call: mmap(2) waits for other threads, 304 bytes.
void *clinux_map_memory(size_t size) {
  long result = syscall(SYS_map, 0L, size, (long)(PROT_READ | PROT_WRITE),
                        (long)(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE), -1L, 0L);
  return result == -1 ? 0 : (void *)result;
}

int clinux_is_terminal_master(int descriptor) {
  unsigned number;
  return ioctl(descriptor, TIOCGPTN, &number) == 0;
}

// The kernel's `struct statx`, which musl 1.2.3 lacks. The layout is the same on all architectures.
struct file_status {
  uint32_t mask, block_size;
  uint64_t attributes;
  uint32_t links, user, group;
  uint16_t mode, padding;
  uint64_t inode, size, blocks, attributes_mask;
  struct {
    int64_t seconds;
    uint32_t nanoseconds, padding;
  } times[4];
  uint32_t special_major, special_minor, device_major, device_minor;
  uint64_t spare[14];
};

int clinux_file_status(int descriptor, const char *path, struct clinux_file *file) {
  enum { type = 1, mode = 2, inode = 0x100 };
  struct file_status status;
  int flags = *path ? 0 : AT_EMPTY_PATH;
  long result = call(SYS_statx, descriptor, (long)path, flags, type | mode | inode, (long)&status);
  if (result < 0) return (int)result;
  file->device = (uint64_t)status.device_major << 32 | status.device_minor;
  file->inode = status.inode;
  file->mode = status.mode;
  return 0;
}
