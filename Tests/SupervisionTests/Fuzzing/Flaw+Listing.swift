import Foundation

@testable import Supervision

// What `--ps` shows of a process: the first bytes are a terminal's width and the depth in the tree; a
// zero separates /proc/PID/stat and the command line.

extension Flaw {
  static func inListing(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let parts = input.dropFirst(2).parts + [[]]
    let columns = Int(input.first ?? 0)
    let depth = Int(input.dropFirst().first ?? 0)
    guard let process = ListedProcess(ProcessID(rawValue: 7), arena.text(parts[0])) else { return }
    let row = line(process, columns, depth, arena.text(parts[1]))
    try inLine(row)
    try unless(row.count <= columns + 1, "\(row.count) bytes are too wide for \(columns) columns")
    let object = line(process, nil, depth, arena.text(parts[1]))
    try inLine(object)
    let parsed = try? JSONSerialization.jsonObject(with: Data(object))
    guard let fields = parsed as? [String: Any] else {
      throw Flaw("\(String(decoding: object, as: UTF8.self)) is no object")
    }
    try unlessSame(fields["pid"] as? Int, 7, "the number")
    try unlessSame(fields["command"] == nil, parts[1].isEmpty, "whether there is a command")
  }

  private static func line(
    _ process: ListedProcess, _ columns: Int?, _ depth: Int, _ command: Text
  ) -> [UInt8] {
    var listing = ProcessListing(
      inJSON: columns == nil, now: Tick(rawValue: 1_000_000), pageSize: 65536)
    var line = Line()
    if let columns { line.limit(to: columns) }
    listing.add(process, depth: depth, pages: 1 << 40, command: command, to: &line)
    return unsafe line.withBytes { unsafe Array($0) }
  }
}
