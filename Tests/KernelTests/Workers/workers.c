// workers COUNT MILLISECONDS [BYSTANDER-MIB]: so many workers, one after the other, allocate memory until the
// kernel kills them, after these milliseconds. Each is reaped at once, by waitpid(2). The kernel must not
// kill the parent: its own score is -1000.
//
// Two more processes exit by themselves when the worker has died, because it had a pipe open.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *allocate(size_t size) {
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) exit(9);
  for (size_t offset = 0; offset < size; offset += 4096) memory[offset] = 1;
  return memory;
}

// What the kernel would rather kill than others; see proc_pid_oom_score_adj(5).
static void set_score(const char *score) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY);
  if (write(file, score, strlen(score)) < 0) exit(9);
  close(file);
}

static void work(int milliseconds) {
  set_score("0");
  usleep(milliseconds * 1000);
  for (;;) allocate(1 << 20);
}

static pid_t stand_by(const int pipe[2], size_t size, int ready) {
  pid_t child = fork();
  if (child != 0) return child;
  set_score("0");
  close(pipe[1]);
  if (size > 0) allocate(size);
  char byte = 0;
  if (write(ready, &byte, 1) != 1) exit(9);
  while (read(pipe[0], &byte, 1) > 0) {}
  _exit(0);
}

// Whether the process was killed.
static int reap(pid_t process) {
  int status;
  waitpid(process, &status, 0);
  int is_killed = WIFSIGNALED(status) && WTERMSIG(status) == 9;
  if (is_killed) dprintf(1, "killed %d\n", process);
  return is_killed;
}

int main(int count_of_words, char **words) {
  if (count_of_words < 3) return 2;
  int count = atoi(words[1]), milliseconds = atoi(words[2]);
  size_t size = count_of_words > 3 ? (size_t)atoi(words[3]) << 20 : 0;
  for (int index = 0; index < count; index++) {
    int gate[2], ready[2];
    char byte;
    if (pipe(gate) != 0 || pipe(ready) != 0) return 9;
    pid_t bystanders[2] = {stand_by(gate, size, ready[1]), stand_by(gate, 0, ready[1])};
    for (int number = 0; number < 2; number++)
      if (read(ready[0], &byte, 1) != 1) return 9;
    pid_t worker = fork();
    if (worker == 0) work(milliseconds);
    close(gate[0]);
    close(gate[1]);
    close(ready[0]);
    close(ready[1]);
    if (!reap(worker)) dprintf(1, "unexpected %d\n", worker);
    for (int number = 0; number < 2; number++) reap(bystanders[number]);
  }
  dprintf(1, "done\n");
}
