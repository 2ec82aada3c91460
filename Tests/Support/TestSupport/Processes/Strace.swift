package import Foundation

/// The system calls in the output of `strace -f -o FILE`, in the order in which they began.
package struct Strace {
  package struct Call {
    package let process: pid_t
    package let name: String
    /// Arguments and result in strace's format; without a result if the call has not returned.
    package var rest: String

    package var result: String {
      rest.range(of: " = ", options: .backwards).map { String(rest[$0.upperBound...]) } ?? ""
    }

    /// Whether swinit waits in it beside the files of its cgroup: poll(2), as ppoll(2) or not.
    package var isPoll: Bool { ["poll", "ppoll"].contains(name) }

    /// Whether it takes a signal if one is pending, and does not wait.
    package var isSignalCheck: Bool {
      name == "rt_sigtimedwait" && rest.contains("{tv_sec=0, tv_nsec=0}")
    }

    /// Whether swinit waits for signals in it: sigtimedwait(2), or poll(2) where it watches a cgroup v2.
    package var isWait: Bool { isPoll || name == "rt_sigtimedwait" && !isSignalCheck }

    /// Whether a wait has ended without a signal.
    package var isTimeout: Bool { result.contains("EAGAIN") || result.contains("Timeout") }
  }

  /// strace's mark for a call that is interrupted by the line of another process.
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

  /// The first traced process.
  package var root: pid_t? { calls.first?.process }

  package func calls(of process: pid_t) -> [Call] { calls.filter { $0.process == process } }
}

extension [String] {
  /// The elements that remain when each of `others` has been removed once.
  package func beyond(_ others: [String]) -> [String] {
    var left = others
    return filter { word in
      guard let index = left.firstIndex(of: word) else { return true }
      left.remove(at: index)
      return false
    }
  }
}
