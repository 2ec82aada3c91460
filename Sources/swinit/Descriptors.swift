import CLinux

/// The files that this process has open.
enum Descriptors {
  /// Closes all from a number on. close_range(2)
  static func closeAll(from first: UInt32) {
    if clinux_close_range(first, .max) == 0 { return }
    // Kernels before 5.9 lack the call, and some engines' seccomp profiles forbid it.
    // So many are the most that anybody leaves open in practice.
    var descriptor = Int32(truncatingIfNeeded: first)
    while descriptor < 1 << 16 {
      _ = close(descriptor)
      descriptor &+= 1
    }
  }
}
