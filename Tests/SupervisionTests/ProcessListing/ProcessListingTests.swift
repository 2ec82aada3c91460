import Foundation
import Testing

@testable import Supervision

@Suite("The lines of --ps")
struct ProcessListingTests {
  /// How processes are listed.
  private enum Format {
    case tree(columns: Int)
    case json
  }

  /// The listing of processes with these depths and command lines.
  private func listing(
    _ format: Format, _ processes: [(ListedProcess, pages: Int64, depth: Int, command: String)]
  ) -> String {
    var isJSON = true
    var line = Line()
    if case .tree(let columns) = format {
      isJSON = false
      line.limit(to: columns)
    }
    var listing = ProcessListing(
      inJSON: isJSON, now: Tick(rawValue: 1_000_000), pageSize: 4096)
    var lines = ""
    func takeLine() {
      lines += line.string
      line.removeAll()
    }
    listing.begin(&line)
    takeLine()
    for (process, pages, depth, command) in processes {
      listing.add(
        process, depth: depth, pages: pages, command: text(command), to: &line)
      takeLine()
    }
    listing.end(&line)
    takeLine()
    return lines
  }

  private func row(_ process: ListedProcess, _ command: String, columns: Int = 80) -> String {
    let lines = listing(.tree(columns: columns), [(process, 0, 0, command)]).split(separator: "\n")
    return String(lines[1].dropFirst(41))
  }

  @Test("A tree has a heading, a row for each process, and totals")
  func tree() {
    #expect(
      listing(
        .tree(columns: 80),
        [
          (.of(1, parent: 0, start: 0), 19, 0, "/swinit -v -- puma"),
          (.of(7, parent: 1, start: 986_900, threads: 12), 12_345, 1, "puma 5.6"),
          (.of(31, "ruby", state: "Z", parent: 7, start: 999_700), 0, 2, ""),
          (.of(4_194_303, state: "T", parent: 7, start: 999_999), 1 << 30, 2, "vim 'a b'"),
          (.of(33, "kworker/0:1", state: "I", parent: 2, start: 1_000_100), 0, 0, ""),
        ]) == """
              PID    PPID S  THR   RSS     ELAPSED COMMAND
                1       0 S    1   76K     2:46:40 /swinit -v -- puma
                7       1 S   12   48M     0:02:11 \\_ puma 5.6
               31       7 Z    1    0K     0:00:03   \\_ ZOMBIE [ruby]
          4194303       7 T    1 4096G     0:00:00   \\_ STOPPED vim 'a b'
               33       2 I    1    0K     0:00:00 [kworker/0:1]
          processes: 5, threads: 16, zombies: 1, stopped: 1, resident memory: 4096G

          """)
  }

  @Test("A listing in JSON is an array with an object for each process")
  func json() throws {
    let text = listing(
      .json,
      [
        (.of(1, "swinit", parent: 0, start: 0), 19, 0, "/swinit -- a \"b\" \\ \u{1b}[2J"),
        (.of(7, "a\"", state: "Z", parent: 1, start: 999_999, threads: 3), 0, 1, ""),
      ])
    #expect(
      text.split(separator: "\n")[1]
        == #"{"pid":1,"ppid":0,"state":"S","threads":1,"resident_bytes":77824,"#
        + #""elapsed_ms":10000000,"name":"swinit","command":"/swinit -- a \"b\" \\ \u001b[2J"}"#)
    let array = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(array.count == 2)
    #expect(array[0]["command"] as? String == "/swinit -- a \"b\" \\ \u{1b}[2J")
    #expect(array[1]["name"] as? String == "a\"")
    #expect(array[1]["state"] as? String == "Z")
    #expect(array[1]["command"] == nil)
    let empty = try JSONSerialization.jsonObject(with: Data(listing(.json, []).utf8))
    #expect((empty as? [Any])?.isEmpty == true)
  }

  @Test("No byte of a name or a command line can control a terminal")
  func hostileBytes() {
    for byte in UInt8.min...UInt8.max {
      let hostile = text(bytes: [0x61, byte, 0x62])
      for (command, name) in [(hostile, "x"), ("" as Supervision.Text, nil as String?)] {
        var listing = ProcessListing(inJSON: false, now: Tick(rawValue: 0), pageSize: 4096)
        let process = ListedProcess.of(1, bytes: name.map { Array($0.utf8) } ?? hostile.bytes)
        var line = Line()
        listing.add(process, depth: 0, pages: 0, command: command, to: &line)
        let bytes = unsafe line.withBytes { unsafe Array($0) }
        #expect(bytes.dropLast().allSatisfy { 0x20..<0x7f ~= $0 }, "\(byte)")
        #expect(bytes.last == 0x0a)
      }
    }
    #expect(row(.of(1), "a\nb\t\u{9b}31m\u{202e}c\\ é 漢") == #"a\nb\t\u009b31m\u202ec\\ é 漢"#)
  }

  @Test("No row is wider than the terminal, and no character is cut in two", arguments: 1...90)
  func width(columns: Int) {
    let command = String(repeating: "é漢字😀\u{9b}", count: 40)
    let text = listing(
      .tree(columns: columns), (0..<20).map { (.of(1), pages: 0, depth: $0, command: command) })
    for line in text.split(separator: "\n") {
      #expect(line.utf8.count <= columns)
      #expect(!line.unicodeScalars.contains("\u{fffd}"))
    }
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 23)
  }

  @Test("Memory takes five characters at most")
  func memory() {
    let sizes: [(Int64, String)] = [
      (0, "   0K"), (1, "   4K"), (2499, "9996K"), (2500, "   9M"), (2_559_999, "9999M"),
      (2_560_000, "   9G"), (1 << 40, "4096T"),
    ]
    for (pages, expected) in sizes {
      let text = listing(.tree(columns: 80), [(.of(1), pages, 0, "x")])
      #expect(text.split(separator: "\n")[1].dropFirst(23).prefix(5) == expected)
    }
  }

  @Test("Limits are shown with what is used of them")
  func limits() {
    let listing = ProcessListing(inJSON: false, now: Tick(rawValue: 0), pageSize: 4096)
    let memory = ProcessListing.Usage(used: 60 << 20, limit: 256 << 20)
    let processes = ProcessListing.Usage(used: 16, limit: 512)
    #expect(
      line { listing.addMemoryLimit(memory, to: &$0) } == "memory limit: 60M of 256M\n")
    #expect(
      line { listing.addProcessLimit(processes, to: &$0) }
        == "process limit: 16 of 512, threads included\n")
  }

  @Test("What /proc/PID/stat reports is read, whatever the name is")
  func status() throws {
    for name in ["sh", "a b", ") S 1 (", "()", ""] {
      let process = try #require(ListedProcess(ProcessID(rawValue: 9), text(statusLine(9, name))))
      #expect(unsafe process.name.withText { $0.string } == name)
      #expect(process.parent.rawValue == 1)
      #expect(process.threads == 1)
      #expect(process.start.rawValue == 5)
    }
    for line in ["", "9 (sh", "9 (sh) S", "9 (sh) S 1 1 1 0 -1 0", "9 sh) S 1 1"] {
      #expect(ListedProcess(ProcessID(rawValue: 9), text(line)) == nil)
    }
  }

  @Test("A process whose main thread alone has exited is no zombie")
  func mainThreadExited() {
    let text = listing(.tree(columns: 80), [(.of(3, "x", state: "Z", threads: 2), 0, 0, "")])
    #expect(!text.contains("ZOMBIE"))
    #expect(text.contains("zombies: 0"))
  }
}
