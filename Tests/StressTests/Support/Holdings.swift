import Foundation
import Glibc
import TestSupport
import Testing

/// What a process holds of the machine.
struct Holdings: Equatable {
  /// Memory of its own, in kB: pages that no file could be read again for.
  let ownMemory: Int
  /// All of its memory that is there, in kB. The kernel may take pages of files away, and more of
  /// them come whenever a part of the program runs for the first time.
  let memory: Int
  /// Its open files.
  let descriptors: [String]

  init(of process: pid_t) throws {
    let account = try #require(contents(of: "/proc/\(process)/smaps_rollup"))
    func kilobytes(_ name: String) throws -> Int {
      let line = account.split(separator: "\n").first { $0.hasPrefix("\(name):") }
      return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
    ownMemory = try kilobytes("Anonymous")
    memory = try kilobytes("Rss")
    descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
      .sorted()
  }
}
