@testable import Supervision

/// A line of /proc/PID/stat.
func statusLine(
  _ number: Int32, _ name: String, state: String = "S", parent: Int32 = 1, start: Int64 = 5,
  threads: Int = 1
) -> String {
  "\(number) (\(name)) \(state) \(parent) 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 \(threads) 0 "
    + "\(start) 4096000 1 18446744073709551615 0 0"
}

extension ListedProcess {
  /// A process.
  static func of(
    _ number: Int32, _ name: String = "sh", state: String = "S", parent: Int32 = 1,
    start: Int64 = 5, threads: Int = 1
  ) -> ListedProcess {
    let line = statusLine(
      number, name, state: state, parent: parent, start: start, threads: threads)
    return of(number, line: Array(line.utf8))
  }

  /// A process with a name of any bytes.
  static func of(_ number: Int32, bytes name: [UInt8]) -> ListedProcess {
    let parts = statusLine(number, "|").split(separator: "|")
    return of(number, line: Array(parts[0].utf8) + name + Array(parts[1].utf8))
  }

  private static func of(_ number: Int32, line: [UInt8]) -> ListedProcess {
    guard let process = ListedProcess(ProcessID(rawValue: number), text(bytes: line)) else {
      preconditionFailure("the line is well-formed")
    }
    return process
  }
}
