// Definitions of the C headers that only C can read: macros with arguments, and functions that
// glibc declares only with _GNU_SOURCE.
#pragma once

#include <stdbool.h>

// The macros of wait(2), all of them for one status.
struct c_wait_status {
  bool exited;
  int exit_status;
  bool signaled;
  int termination_signal;
  bool core_dumped;
  bool stopped;
  int stop_signal;
  bool continued;
};
struct c_wait_status c_wait_status(int status);

int c_first_real_time_signal(void);
int c_last_real_time_signal(void);
int c_last_signal(void);

// The name of a signal without SIG, NULL if it has none. sigabbrev_np(3)
const char *c_signal_name(int number);

// The English description of an error, NULL if it has none. strerrordesc_np(3)
const char *c_error_words(int number);

// The codes of a signal that was sent by kill(2), by tkill(2), by the kernel, and by sigqueue(3).
int c_code_of_kill(void);
int c_code_of_tkill(void);
int c_code_of_kernel(void);
int c_code_of_queue(void);

// Whether `bits` are those of the C library's set of this signal alone. sigaddset(3)
bool c_is_set_of_signal(unsigned long long bits, int number);
