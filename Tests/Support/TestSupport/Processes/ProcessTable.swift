package import Foundation
import Glibc

/// A snapshot of all processes, from `/proc`.
package struct ProcessTable {
  package struct Entry {
    package let id: pid_t
    package let name: String
    package let state: Character
    package let parent: pid_t
    package let group: pid_t
    package let session: pid_t
  }

  package let entries: [Entry]

  package init() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    entries = names.compactMap { pid_t($0) }.compactMap { Entry($0) }
  }

  package func children(of parent: pid_t) -> [Entry] { entries.filter { $0.parent == parent } }

  /// The descendants of a process, the nearest first.
  package func descendants(of ancestor: pid_t) -> [Entry] {
    // Beside 30,000 processes, to look for the children of each among all would take minutes.
    let children = Dictionary(grouping: entries, by: \.parent)
    var found = children[ancestor] ?? []
    var next = 0
    while next < found.count {
      found += children[found[next].id] ?? []
      next += 1
    }
    return found
  }

  package func zombies(below ancestor: pid_t) -> [Entry] {
    descendants(of: ancestor).filter { $0.state == "Z" }
  }

  package func first(below ancestor: pid_t, where condition: (pid_t) -> Bool) -> pid_t? {
    descendants(of: ancestor).map(\.id).first(where: condition)
  }
}

extension ProcessTable.Entry {
  /// Nil if there is no such process.
  package init?(_ id: pid_t) {
    guard let stat = contents(of: "/proc/\(id)/stat"), let open = stat.firstIndex(of: "("),
      let close = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    guard fields.count > 3, let state = fields[0].first, let parent = pid_t(fields[1]),
      let group = pid_t(fields[2]), let session = pid_t(fields[3])
    else { return nil }
    self.init(
      id: id, name: String(stat[stat.index(after: open)..<close]), state: state, parent: parent,
      group: group, session: session)
  }
}

/// The contents of a file; nil if it can't be read.
package func contents(of path: String) -> String? {
  FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

package func readLink(_ path: String) -> String? {
  try? FileManager.default.destinationOfSymbolicLink(atPath: path)
}

/// A line of `/proc/PID/status` without its name, such as `SigBlk`.
package func status(of process: pid_t, _ name: String) -> String? {
  contents(of: "/proc/\(process)/status")?.split(separator: "\n")
    .first { $0.hasPrefix("\(name):") }
    .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
}

/// Whether swinit waits for signals without a deadline: in rt_sigtimedwait(2) without a timeout, or in
/// poll(2) for three files where it watches a cgroup, as ppoll(2) or not.
package func waitsIndefinitely(_ swinit: pid_t) -> Bool {
  let call = contents(of: "/proc/\(swinit)/syscall")?.split(separator: " ") ?? []
  guard call.count > 4 else { return false }
  if call[2] == "0x3" { return call[3] == "0x0" || call[3].hasSuffix("ffffffff") }
  return call[3...4] == ["0x0", "0x8"]
}

/// Whether a process has become sleep(1), and sleeps.
package func sleeps(_ process: pid_t) -> Bool {
  let entry = ProcessTable.Entry(process)
  return entry?.name == "sleep" && entry?.state == "S"
}

/// The descriptors of swinit: those with which it watches a cgroup v2, one of each kind, and the others.
package func descriptors(of swinit: pid_t) throws -> (watch: [String], others: [String]) {
  let directory = "/proc/\(swinit)/fd"
  var others = try FileManager.default.contentsOfDirectory(atPath: directory)
    .sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
  let watch = ["/memory.events", "/pids.events", ":[signalfd]"].compactMap { suffix in
    others.firstIndex { readLink("\(directory)/\($0)")?.hasSuffix(suffix) == true }
      .map { others.remove(at: $0) }
  }
  return (watch, others)
}
