// The part of libc that swinit uses, and one-line inlines for what Swift can't import:
// `errno`, macros with arguments, and variadic functions.
//
// No _GNU_SOURCE: it would clash with Foundation's view of the same headers in the tests.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int clinux_errno(void) { return errno; }
