// The command that the inits run while they are measured, and that measures them. It writes results
// to standard output as 64-bit numbers.
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * (int64_t)1000000000 + now.tv_nsec;
}

static int64_t now(void) { return read_clock(CLOCK_MONOTONIC); }

// 20 ms.
static void rest(void) {
  struct timespec span = {0, 20000000};
  nanosleep(&span, 0);
}

static void say(const void *bytes, size_t size) {
  for (size_t said = 0; said < size;) {
    ssize_t count = write(1, (const char *)bytes + said, size - said);
    if (count <= 0) _exit(1);
    said += count;
  }
}

static void *allocate(size_t size) {
  void *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(1);
  return memory;
}

// Memory that the members of a group share.
static struct {
  int64_t handled;  // when the last of them handled the signal
  int count;        // how many of them have handled it
  int members;      // how many members there are
  int ends[2];      // a pipe that the last of them writes to
} *shared;

static void handle(int signal) {
  int64_t time = now();
  int64_t latest = __atomic_load_n(&shared->handled, __ATOMIC_SEQ_CST);
  while (time > latest && !__atomic_compare_exchange_n(&shared->handled, &latest, time, 0,
                                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  if (__atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST) == shared->members) {
    if (write(shared->ends[1], "", 1) != 1) _exit(1);
  }
}

// signals COUNT MEMBERS: sends the init a signal, waits until all members of the group have handled
// it, writes the time in nanoseconds, and repeats that. The members are killed with the init, PID
// 1.
static void time_signals(int count, int members) {
  sigset_t blocked, inherited;
  shared = allocate(sizeof *shared);
  shared->members = members;
  if (pipe(shared->ends) != 0) _exit(1);
  int64_t *spans = allocate(count * sizeof *spans);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, &inherited);
  signal(SIGUSR1, handle);
  for (int member = 1; member < members; member++) {
    if (fork() == 0) {
      while (1) sigsuspend(&inherited);
    }
  }
  for (int index = 0; index < count; index++) {
    shared->count = 0;
    shared->handled = 0;
    int64_t start = now();
    kill(getppid(), SIGUSR1);
    sigsuspend(&inherited);
    char byte;
    if (read(shared->ends[0], &byte, 1) != 1) _exit(1);
    spans[index] = shared->handled - start;
  }
  say(spans, count * sizeof *spans);
}

static pid_t orphan;

// A grandchild that exits before its parent does. Both use this memory and this stack.
static void make_orphan(void) {
  pid_t parent = vfork();
  if (parent == 0) {
    pid_t child = vfork();
    if (child == 0) _exit(0);
    orphan = child;
    _exit(0);
  }
  waitpid(parent, 0, 0);
}

// orphans COUNT MOST: writes the processor time in nanoseconds that the init took for the orphans,
// the largest number of zombies, and how many nanoseconds the last one lasted. It creates no
// further ones while there are MOST.
static void time_orphans(int count, int limit) {
  pid_t *orphans = allocate(count * sizeof *orphans);
  clockid_t clock;
  if (clock_getcpuclockid(getppid(), &clock) != 0) _exit(1);
  // Do not count what the init does after its start.
  rest();
  int64_t start = read_clock(clock);
  int gone = 0;
  int64_t most = 0;
  for (int made = 0; made < count;) {
    make_orphan();
    orphans[made++] = orphan;
    while (gone < made) {
      if (kill(orphans[gone], 0) != 0) gone++;
      else if (made - gone >= limit) sched_yield();
      else break;
    }
    if (made - gone > most) most = made - gone;
  }
  int64_t last = now();
  while (gone < count) {
    if (kill(orphans[gone], 0) != 0) gone++;
    else sched_yield();
  }
  int64_t lasted = now() - last;
  // The init may still be busy after it has reaped the last one.
  rest();
  int64_t results[] = {read_clock(clock) - start, most, lasted};
  say(results, sizeof results);
}

static int *alive;

// Process `number` of a tree in which each has ten children.
static void grow(int number, int count) {
  for (int child = 10 * number + 1; child <= 10 * number + 10 && child < count; child++) {
    if (fork() == 0) {
      grow(child, count);
      while (1) pause();
    }
  }
  __atomic_add_fetch(alive, 1, __ATOMIC_SEQ_CST);
}

// tree COUNT: writes when that many processes exist, and waits.
static void grow_tree(int count) {
  alive = allocate(sizeof *alive);
  grow(0, count);
  while (__atomic_load_n(alive, __ATOMIC_SEQ_CST) < count) sched_yield();
  int64_t result = count;
  say(&result, sizeof result);
  while (1) pause();
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  int count = argc > 2 ? atoi(argv[2]) : 0;
  int number = argc > 3 ? atoi(argv[3]) : 1;
  if (strcmp(what, "signals") == 0) time_signals(count, number);
  else if (strcmp(what, "orphans") == 0) time_orphans(count, number);
  else if (strcmp(what, "tree") == 0) grow_tree(count);
  else return 2;
  return 0;
}
