import CLinux
import Supervision

/// Memory for one purpose, for the whole life of the process: what is put there overwrites what was.
@safe
struct Memory {
  /// Where it begins.
  let start: UnsafeMutablePointer<CChar>
  /// How many bytes there are.
  let capacity: Int

  /// The entries of a directory, or the lines of a file, as far as they were read.
  static var listing: Memory {
    unsafe Memory(start: clinux_listing_buffer(), capacity: Int(clinux_listing_capacity))
  }

  /// The first bytes of a file.
  static var file: Memory {
    unsafe Memory(start: clinux_file_buffer(), capacity: Int(clinux_file_capacity))
  }

  /// The first bytes, after something was put there; none if that failed.
  func text(count: Int) -> Text { unsafe Text(UnsafeRawPointer(start), count: max(count, 0)) }
}
