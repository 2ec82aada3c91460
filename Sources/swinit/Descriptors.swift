import CLinux

/// The files that this process has open.
enum Descriptors {
  /// Closes all but standard input, output and error. close_range(2)
  static func closeAllButStandard() {
    if clinux_close_range(3, .max) == 0 { return }
    // Kernels before 5.9 lack the call, and some engines' seccomp profiles forbid it.
    var limit = rlimit()
    guard unsafe clinux_descriptor_limit(&limit) == 0 else { return }
    let end = Int32(truncatingIfNeeded: max(3, min(limit.rlim_cur, 1 << 20)))
    for descriptor in 3..<end { _ = close(descriptor) }
  }
}
