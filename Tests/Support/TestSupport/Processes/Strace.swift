package import Foundation

/// The system calls that `strace -f -o FILE` wrote down, in the order in which they began.
package struct Strace {
  package struct Call {
    package let process: pid_t
    package let name: String
    /// Arguments and result as strace writes them; empty while the call goes on.
    package var rest: String

    package var result: String {
      rest.range(of: " = ", options: .backwards).map { String(rest[$0.upperBound...]) } ?? ""
    }
  }

  /// Where strace breaks off a call because another process makes one.
  private static let interruption = " <unfinished ...>"

  package private(set) var calls: [Call] = []

  package init(_ path: String) throws {
    var unfinished: [pid_t: Int] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard words.count == 2, let process = pid_t(words[0]) else { continue }
      let text = words[1].trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("<... "), let index = unfinished.removeValue(forKey: process) {
        // `kill(-7, SIGTERM <unfinished ...>`, then `<... kill resumed>) = 0`.
        calls[index].rest += text.drop { $0 != ">" }.dropFirst()
      } else if let parenthesis = text.firstIndex(of: "("), !text.hasPrefix("-"),
        !text.hasPrefix("+")
      {
        let name = String(text[..<parenthesis])
        var rest = String(text[parenthesis...])
        if rest.hasSuffix(Self.interruption) {
          unfinished[process] = calls.count
          rest.removeLast(Self.interruption.count)
        }
        calls.append(Call(process: process, name: name, rest: rest))
      }
    }
  }

  /// The process that was traced first.
  package var root: pid_t? { calls.first?.process }

  package func calls(of process: pid_t) -> [Call] { calls.filter { $0.process == process } }
}

extension [String] {
  /// What is left when each of `others` has been taken away once.
  package func beyond(_ others: [String]) -> [String] {
    var left = others
    return filter { word in
      guard let index = left.firstIndex(of: word) else { return true }
      left.remove(at: index)
      return false
    }
  }
}
