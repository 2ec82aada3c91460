import Foundation
import Glibc
import TestSupport
import Testing

/// The resources that a process holds.
struct HeldResources: Equatable {
  /// Anonymous memory in kB: pages that cannot be read again from a file.
  let ownMemory: Int
  /// Resident memory in kB. The kernel may drop pages of files, and more of them are loaded
  /// whenever a part of the program runs for the first time.
  let memory: Int
  /// Its open files.
  let descriptors: [String]

  init(of process: pid_t) throws {
    let rollup = try #require(contents(of: "/proc/\(process)/smaps_rollup"))
    func kilobytes(_ name: String) throws -> Int {
      let line = rollup.split(separator: "\n").first { $0.hasPrefix("\(name):") }
      return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
    ownMemory = try kilobytes("Anonymous")
    memory = try kilobytes("Rss")
    descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
      .sorted()
  }
}
