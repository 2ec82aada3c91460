import Glibc

/// The errors that the manual pages name for each system call that swinit makes.
enum Errors {
  /// The errors of a call. A container's seccomp profile adds `EPERM` and `ENOSYS` to all calls.
  ///
  /// Nil if the table lacks the call; empty if the call cannot fail, not even by a seccomp profile,
  /// because nothing runs under one that forbids it.
  static func all(of call: String) -> [Int32]? {
    guard let named = table[call] else { return nil }
    return named.isEmpty
      ? []
      : (named + [EPERM, ENOSYS]).reduce(into: []) { errors, error in
        if !errors.contains(error) { errors.append(error) }
      }
  }

  private static let table: [String: [Int32]] = [
    "access": path + [EBADF, EINVAL, EROFS, ETXTBSY],
    "arch_prctl": [],
    "chdir": path,
    "clock_gettime": [EACCES, EFAULT, EINVAL, ENODEV, EOPNOTSUPP],
    "clone": [EACCES, EAGAIN, EBUSY, EEXIST, EINVAL, ENOMEM, ENOSPC, EOPNOTSUPP, EUSERS],
    // A failing close closes the descriptor all the same, but an injected fault leaves it open.
    "close": [],
    "close_range": [EMFILE, ENOMEM, EINVAL],
    "dup3": [EBADF, EBUSY, EINTR, EMFILE, ENOMEM, EINVAL],
    "execve": path + [
      E2BIG, EAGAIN, EINVAL, EISDIR, ELIBBAD, EMFILE, ENFILE, ENOEXEC, ETXTBSY,
    ],
    "exit": [],
    "exit_group": [],
    "faccessat": path + [EBADF, EINVAL, EROFS, ETXTBSY],
    "fcntl": [EBADF, EINTR, EINVAL, EMFILE],
    "fork": [EAGAIN, ENOMEM],
    "fstat": [EBADF, EFAULT, ENOMEM, EOVERFLOW],
    "getdents64": [EBADF, EFAULT, EINVAL, ENOENT, ENOTDIR],
    "geteuid": [],
    "getpgid": [],
    "getpid": [],
    "getppid": [],
    "getsid": [ESRCH],
    "gettid": [],
    "ioctl": [EBADF, EFAULT, EINVAL, EIO, ENOTTY],
    "kill": [EINVAL, EPERM, ESRCH],
    "newfstatat": path + [EBADF, EINVAL, EOVERFLOW],
    "openat": path + [
      EBADF, EBUSY, EDQUOT, EEXIST, EFBIG, EINTR, EINVAL, EISDIR, EMFILE, ENFILE, ENODEV, ENOSPC,
      ENXIO, EOPNOTSUPP, EOVERFLOW, EROFS, ETXTBSY, EWOULDBLOCK,
    ],
    "pipe2": [EMFILE, ENFILE, EINVAL],
    "poll": [EFAULT, EINTR, EINVAL, ENOMEM],
    "ppoll": [EFAULT, EINTR, EINVAL, ENOMEM],
    "prctl": [EACCES, EBADF, EBUSY, EFAULT, EINVAL, ENODEV, ENXIO, EOPNOTSUPP, ERANGE],
    "prlimit64": [EFAULT, EINVAL, EPERM, ESRCH],
    "pselect6": [EBADF, EINTR, EINVAL, ENOMEM],
    "read": [EAGAIN, EBADF, EFAULT, EINTR, EINVAL, EIO, EISDIR, ESRCH],
    "readlinkat": path + [EBADF, EINVAL],
    "rt_sigaction": [EFAULT, EINVAL],
    "rt_sigpending": [EFAULT],
    "rt_sigprocmask": [EFAULT, EINVAL],
    "rt_sigtimedwait": [EAGAIN, EINTR, EINVAL],
    "sendto": [
      EACCES, EAGAIN, EALREADY, EBADF, ECONNRESET, EDESTADDRREQ, EFAULT, EINTR, EINVAL, EISCONN,
      EMSGSIZE, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE,
    ],
    "set_tid_address": [],
    "setpgid": [EACCES, EINVAL, EPERM, ESRCH],
    "setsid": [EPERM],
    "stat": path + [EBADF, EOVERFLOW],
    "statfs": path + [EINTR, EOVERFLOW],
    "statx": path + [EBADF, EINVAL],
    "wait4": [ECHILD, EINTR, EINVAL, ESRCH],
    "waitid": [ECHILD, EINTR, EINVAL],
    "write": [
      EAGAIN, EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EINTR, EINVAL, EIO, ENOSPC, EPIPE,
    ],
  ]

  /// The errors of any call that takes a path; see path_resolution(7).
  private static let path = [
    EACCES, EFAULT, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR,
  ]
}
