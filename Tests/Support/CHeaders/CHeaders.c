#define _GNU_SOURCE
#include "CHeaders.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

struct c_wait_status c_wait_status(int status) {
  return (struct c_wait_status){
      .exited = WIFEXITED(status),
      .exit_status = WEXITSTATUS(status),
      .signaled = WIFSIGNALED(status),
      .termination_signal = WTERMSIG(status),
      .core_dumped = WCOREDUMP(status),
      .stopped = WIFSTOPPED(status),
      .stop_signal = WSTOPSIG(status),
      .continued = WIFCONTINUED(status),
  };
}

int c_first_real_time_signal(void) { return SIGRTMIN; }
int c_last_real_time_signal(void) { return SIGRTMAX; }
int c_last_signal(void) { return _NSIG - 1; }

int c_code_of_kill(void) { return SI_USER; }
int c_code_of_tkill(void) { return SI_TKILL; }
int c_code_of_kernel(void) { return SI_KERNEL; }
int c_code_of_queue(void) { return SI_QUEUE; }

const char *c_signal_name(int number) { return sigabbrev_np(number); }
const char *c_error_words(int number) { return strerrordesc_np(number); }

bool c_is_set_of_signal(unsigned long long bits, int number) {
  sigset_t set, expected;
  memset(&set, 0, sizeof set);
  memset(&expected, 0, sizeof expected);
  memcpy(&set, &bits, sizeof bits);
  sigaddset(&expected, number);
  return memcmp(&set, &expected, sizeof set) == 0;
}
