import Glibc
import TestSupport

/// A FIFO at which a program waits until the test lets it continue.
struct Gate {
  let path: String

  init(in directory: TemporaryDirectory) throws {
    path = directory("gate")
    try check(unsafe mkfifo(path, 0o666))
    try check(unsafe chmod(path, 0o666))
  }

  /// Waits until a program waits at the gate, and lets it continue.
  func open() throws {
    try eventually("a program waits at the gate") {
      let writer = unsafe Glibc.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if writer < 0 && errno == ENXIO { return false }
      try check(writer)
      defer { close(writer) }
      try check(Int32(unsafe write(writer, "\n", 1)))
      return true
    }
  }
}
