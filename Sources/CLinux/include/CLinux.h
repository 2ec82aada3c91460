// The part of libc that swinit uses, and functions for what Swift can't import: `errno`, macros with
// arguments, variadic functions, unions. CLinux.c defines them.
//
// What may fail returns what the kernel does: a result, or the negative number of an error. So `errno`
// is never read later, when another call may have changed it.
//
// No _GNU_SOURCE: it would clash with Foundation's view of the same headers in the tests.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Supervision has the numbers that most architectures have, and among them all that are built for.
_Static_assert(SIGBUS == 7 && SIGUSR1 == 10 && SIGCHLD == 17 && SIGTTOU == 22 && SIGSYS == 31 &&
                   EAGAIN == 11 && ENAMETOOLONG == 36 && ELOOP == 40,
               "signals or errors have other numbers here");

// Whether the program has privileges that its caller hasn't: by a set-user-ID or set-group-ID bit,
// or capabilities of the file, which are those that aren't ambient. AT_SECURE alone doesn't tell:
// under SELinux it may be set for each first process of a container.
int clinux_has_elevated_privileges(void);

int clinux_errno(void);

// The machine's architecture, as `uname -m` prints it. uname(2)
const char *clinux_machine(void);

// Blocks these signals and no others. The raw call: the C libraries leave the signals that they keep for
// themselves out of a mask. rt_sigprocmask(2)
int clinux_set_mask(uint64_t blocked, uint64_t *_Nonnull before);

// The pending signals; none if they can't be read. rt_sigpending(2)
uint64_t clinux_pending_signals(void);

// The raw call, with the kernel's structure all zero: SIG_DFL, no flags, an empty mask.
int clinux_set_default_action(int signal);

// Whether a signal is ignored. The raw call, as for all 64 signals. sigaction(2)
int clinux_is_ignored(int signal);

struct clinux_signal {
  int number;
  int code;
  pid_t sender;
  int status;
};

// sigtimedwait(2), for ever without a timeout. The raw call: musl's function begins the whole time anew
// after each stop and continuation, and takes more time for each orphan.
int clinux_sigwait(uint64_t signals, struct clinux_signal *taken, const struct timespec *timeout);

// Nanoseconds of the monotonic clock; zero if it can't be read, as under a profile whose author saw it
// read without a call: then time stands still but for what waits take.
int64_t clinux_now(void);

// The processor time that this process has taken, in nanoseconds. CLOCK_PROCESS_CPUTIME_ID
int64_t clinux_processor_time(void);

// Ticks of 10 ms since the machine started, sleep included: USER_HZ is 100 everywhere. time(7)
int64_t clinux_boot_ticks(void);

// Milliseconds since 1970 began.
int64_t clinux_time(void);

// Whether a signal reports a child that SIGKILL killed.
int clinux_reports_kill(const struct clinux_signal *signal);

// Which argument of a system call is the signal that it sends, the first being 0; 0 if it sends none.
// kill(2), tkill(2), tgkill(2)
int clinux_signal_argument(long call);

// No core of this process is dumped, whatever takes cores here. PR_SET_DUMPABLE(2const)
void clinux_disable_core_dumps(void);

int clinux_set_subreaper(void);

int clinux_set_parent_death_signal(int signal);

// Starts a file in a process group of its own, with the signals of a 64-bit mask blocked. Returns the
// process, or the error, that of a failed execution included. posix_spawn(3)
pid_t clinux_spawn(const char *file, char *const *arguments, char *const *environment,
                   uint64_t blocked);

// Takes a pending SIGCHLD; whether it reports a child of posix_spawn(3) that could not execute.
int clinux_discard_failed_spawn(void);

// fork(2) without the handlers and locks that several threads would need; see pthread_atfork(3).
pid_t clinux_fork(void);

// execve(2)
int clinux_execute(const char *file, char *const *arguments, char *const *environment);

// Makes this process the leader of a process group of its own. setpgid(2)
int clinux_create_group(void);

// kill(2)
int clinux_kill(pid_t target, int signal);

// access(2)
int clinux_access(const char *path, int mode);

// Exits a forked child at once, without the work of exit(3).
void clinux_exit(int status);

// A pipe for an error that an execution would close; to read an empty one fails. pipe2(2)
struct clinux_pipe {
  int reading;
  int writing;
};
int clinux_make_pipe(struct clinux_pipe *_Nonnull ends);

// Whether a descriptor can be read, or its other end is closed, within some milliseconds.
int clinux_is_readable(int descriptor, int milliseconds);

// A descriptor that can be read while any of the 64 signals is pending. signalfd(2)
int clinux_signal_descriptor(void);

// Waits for some milliseconds, or for ever (-1), until the first descriptor can be read, or one of the
// others has something exceptional; negative ones count as absent. 2 if one of the others has, 1 if only
// the first can, 0 if the time is over, or the negative number of an error. poll(2)
int clinux_poll(int readable, int exceptional, int other, int milliseconds);

// The first bytes of a file, wherever it was read to. pread(2)
ssize_t clinux_read_first(int descriptor, void *buffer, size_t size);

// Whether a file is one of a control group of version 2. fstatfs(2)
int clinux_is_of_cgroup(int descriptor);

// How many descriptors may be open, or more than that if it can't be told. getrlimit(2)
uint64_t clinux_descriptor_limit(void);

// Closes all descriptors from one on. close_range(2)
int clinux_close_from(unsigned first);

// A file that is made may be read by all, and written by its owner.
int clinux_open(const char *path, int flags);

// Which file something is: that of a path, or with an empty path that of a descriptor. The raw call,
// since the C library converts between several layouts for it: 800 bytes. statx(2)
struct clinux_file {
  uint64_t device;
  uint64_t inode;
  unsigned mode;
};
int clinux_file_status(int descriptor, const char *path, struct clinux_file *file);

// Whether nothing on a file's file system may be executed. statfs(2)
int clinux_is_mounted_noexec(const char *path);

int clinux_duplicate(int descriptor, int lowest);

// dup2(2), of a descriptor to another one.
int clinux_duplicate_to(int descriptor, int other);

ssize_t clinux_read(int descriptor, void *buffer, size_t size);

ssize_t clinux_write(int descriptor, const void *bytes, size_t size);

// Whether a descriptor was opened for writing. F_GETFL(2const)
int clinux_is_open_for_writing(int descriptor);

// Writes to a socket; fails with EAGAIN where it would have to wait, and raises no SIGPIPE. send(2)
ssize_t clinux_send(int socket, const void *bytes, size_t size);

// Whether a descriptor is the master of a pseudoterminal. ioctl_tty(2)
int clinux_is_terminal_master(int descriptor);

// The width of a terminal in columns; 80 of anything else, or if it isn't known. TIOCGWINSZ(2const)
int clinux_terminal_width(int descriptor);

// The size of a page of memory in bytes. getauxval(3)
long clinux_page_size(void);

// Memory that is zero, and takes none of the machine's before it is touched; null if there is none.
// mmap(2)
void *_Nullable clinux_map_memory(size_t size);

// Whether a write would be taken at once, or fail at once. Unlike poll(2), select(2) can tell when no
// descriptor may be opened.
int clinux_is_writable(int descriptor);

// Waits until a write would be taken or fail. poll(2)
void clinux_await_writable(int descriptor);

// Children are waited for whatever their exit signal is: __WALL, which needs _GNU_SOURCE.
static const int clinux_wait_all = 0x40000000;

// A child that changed, left as it is (0 if there is none), and whether SIGKILL killed it. waitid(2)
pid_t clinux_peek_changed(int options, int *_Nonnull is_killed);

// Whether a child is stopped. waitid(2)
int clinux_is_stopped(pid_t pid);

// Whether a child of this process, dead or alive, is in a process group. As long as one is, the kernel
// doesn't reuse the group's number.
int clinux_has_child_in(pid_t group);

// waitpid(2), and if wanted what the child used: its peak memory in bytes, its processor time.
struct clinux_usage {
  int64_t peak;
  int64_t milliseconds;
};
pid_t clinux_wait(pid_t pid, int *_Nonnull status, int options, struct clinux_usage *_Nullable usage);

// waitpid(2) for a child that exits, whatever its status.
pid_t clinux_reap(pid_t pid);

// Entries of a directory, as getdents64(2) gives them, and where in one the name is.
long clinux_read_directory(int descriptor, void *buffer, size_t size);
enum { clinux_entry_length_offset = 16, clinux_entry_name_offset = 19 };

// Where a symbolic link leads, without a NUL. readlinkat(2)
long clinux_read_link(int directory, const char *path, char *buffer, size_t size);

// Memory for the whole life of the process, which costs nothing while it isn't touched. What is large
// is in sections of its own, or it would lie between what is small.
enum {
  clinux_listing_capacity = 1024,
  clinux_file_capacity = 1024,
  clinux_path_capacity = PATH_MAX + NAME_MAX + 2,
  clinux_cgroup_capacity = 1024,
  clinux_variable_capacity = 32,
  clinux_candidate_capacity = 4096,
  clinux_process_limit = 1 << 22  // PID_MAX_LIMIT, proc_sys_kernel(5)
};
char *_Nonnull clinux_listing_buffer(void);
char *_Nonnull clinux_file_buffer(void);
char *_Nonnull clinux_path_buffer(void);
char *_Nonnull clinux_cgroup_buffer(void);
char *_Nonnull clinux_variable_buffer(int number);
uint64_t *_Nonnull clinux_process_set_buffer(int number);
void *_Nonnull clinux_candidate_buffer(void);
