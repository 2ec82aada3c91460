// Functions of libc that the benchmarks need and Swift cannot import.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// The headers declare these only with _GNU_SOURCE, which Foundation does not define.
extern int __clone(int (*)(void *), void *, int, void *, ...);
enum {
  benchmark_clone_vm = 0x100,
  benchmark_clone_vfork = 0x4000,
  benchmark_new_mounts = 0x20000,
  benchmark_new_processes = 0x20000000
};

struct benchmark_program {
  char *const *arguments;    // the first is its path
  char *const *environment;
  int null;                  // /dev/null
  int output;                // the descriptor of its standard output
  int most_inherited;        // the number of the last descriptor that it inherits, at least 2
  int namespaces;            // flags of those above, for its own namespaces
};

static inline int benchmark_become(void *context) {
  const struct benchmark_program *program = (const struct benchmark_program *)context;
  // No program outlives the benchmarks.
  prctl(PR_SET_PDEATHSIG, (long)SIGKILL);
  if (program->namespaces & benchmark_new_mounts) {
    mount("none", "/", 0, MS_REC | MS_PRIVATE, 0);
    mount("proc", "/proc", "proc", 0, 0);
  }
  for (int descriptor = 0; descriptor <= program->most_inherited; descriptor++) {
    dup2(descriptor == 1 ? program->output : program->null, descriptor);
  }
  execve(program->arguments[0], program->arguments, program->environment);
  _exit(127);
}

// Starts a program as posix_spawn(3) does, and gives its process ID. clone(2)
static inline pid_t benchmark_start(struct benchmark_program *program) {
  _Alignas(16) char stack[16384];
  int flags = benchmark_clone_vm | benchmark_clone_vfork | SIGCHLD | program->namespaces;
  return __clone(benchmark_become, stack + sizeof stack, flags, program);
}

// A pipe that no program inherits.
static inline int benchmark_pipe(int *ends) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// How a program terminated, and the resources that it and its reaped children used.
struct benchmark_end {
  int status;  // as a shell reports it
  int64_t processor_nanoseconds;
  int64_t page_faults;
};

static inline int benchmark_wait(pid_t process, struct benchmark_end *end) {
  int status;
  struct rusage used;
  while (wait4(process, &status, 0, &used) < 0) {
    if (errno != EINTR) return -1;
  }
  end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  int64_t seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  int64_t microseconds = used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  end->processor_nanoseconds = (seconds * 1000000 + microseconds) * 1000;
  end->page_faults = used.ru_minflt;
  return 0;
}

// The processors that a process may run on: 1,024 bits, as in sched_setaffinity(2).
enum { benchmark_processor_words = 16 };
static inline int benchmark_get_processors(uint64_t *words) {
  return (int)syscall(SYS_sched_getaffinity, 0, 8 * benchmark_processor_words, words);
}
static inline int benchmark_set_processors(const uint64_t *words) {
  return (int)syscall(SYS_sched_setaffinity, 0, 8 * benchmark_processor_words, words);
}
