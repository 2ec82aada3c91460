// The minimal init: it blocks signals, spawns, waits, forwards and reaps. floor [-g] COMMAND
// [ARG...]
//
// It spawns as swinit does, the command into a process group of its own; with -g, that receives the
// signals.
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv, char **environment) {
  sigset_t all, inherited;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &inherited);

  int to_group = argc > 1 && strcmp(argv[1], "-g") == 0;
  argv += 1 + to_group;
  pid_t command;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setsigmask(&attributes, &inherited);
  if (posix_spawnp(&command, argv[0], 0, &attributes, argv, environment) != 0) return 127;

  int has_ended = 0, end = 0;
  while (!has_ended) {
    int signal = sigwaitinfo(&all, 0);
    if (signal > 0 && signal != SIGCHLD) kill(to_group ? -command : command, signal);
    if (signal != SIGCHLD) continue;
    int status;
    pid_t process;
    while ((process = waitpid(-1, &status, WNOHANG)) > 0) {
      if (process != command) continue;
      has_ended = 1;
      end = status;
    }
  }
  return WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end);
}
