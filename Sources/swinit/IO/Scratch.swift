import CLinux

/// Memory for what is needed for a moment only, one thing at a time: the path of a command before
/// it runs, lines of a file, entries of a directory. Shared, it takes fewer pages.
enum Scratch {
  /// How many bytes there are: more than any path has.
  static let capacity = Int(clinux_scratch_capacity)

  /// The bytes.
  @inline(never)
  static func memory() -> UnsafeMutablePointer<CChar> { unsafe clinux_scratch_buffer() }
}
