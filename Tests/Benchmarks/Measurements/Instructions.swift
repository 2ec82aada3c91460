import Foundation

/// Instructions of the init itself, its C library's included, as callgrind counts them.
enum Instructions {
  static func measure(_ programs: Programs, into table: inout Table) throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind") else { return }
    var counts: [Contestant: Double] = [:]
    for contestant in programs.contestants {
      let said = try Programs.run(
        [
          "-i", "PATH=/usr/bin:/bin", "valgrind", "--tool=callgrind",
          "--callgrind-out-file=/dev/null",
        ] + contestant.plainWords([programs.noop]))
      let line = said.split(separator: "\n").first { $0.contains("Collected : ") }
      counts[contestant] = line?.split(separator: " ").last.flatMap { Double($0) }
    }
    table.add(.instructions, counts)
  }
}
