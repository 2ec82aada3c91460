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

  package private(set) var calls: [Call] = []

  package init(_ path: String) throws {
    var unfinished: [pid_t: Int] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard words.count == 2, let process = pid_t(words[0]) else { continue }
      let text = words[1].trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("<... "), let index = unfinished.removeValue(forKey: process) {
        calls[index].rest += text
      } else if let parenthesis = text.firstIndex(of: "("), !text.hasPrefix("-"),
        !text.hasPrefix("+")
      {
        if text.hasSuffix("<unfinished ...>") { unfinished[process] = calls.count }
        let (name, rest) = (text[..<parenthesis], text[parenthesis...])
        calls.append(Call(process: process, name: String(name), rest: String(rest)))
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
