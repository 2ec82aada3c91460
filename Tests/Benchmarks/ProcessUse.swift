import Foundation

/// The memory of a process, in kB. proc_pid_smaps(5)
struct MemoryUse {
  let resident: Double
  /// Its share of the memory that it has in common with others.
  let proportional: Double
  /// What a further container costs. `Private_Dirty` has pages of the file too while the kernel has not
  /// yet written a new file to the disk.
  let own: Double

  init(_ process: pid_t) {
    let text = contents(of: "/proc/\(process)/smaps_rollup")
    resident = kilobytes("Rss", in: text)
    proportional = kilobytes("Pss", in: text)
    own = kilobytes("Anonymous", in: text)
  }
}

/// The processor that a process has used so far.
struct ResourceUse {
  /// How often it gave up its processor, of its own accord or not.
  let switches: Double
  let processorNanoseconds: Double

  init(_ process: pid_t) {
    switches = contents(of: "/proc/\(process)/status").split(separator: "\n")
      .filter { $0.contains("ctxt_switches") }
      .compactMap { $0.split(separator: "\t").last.flatMap { Double($0) } }
      .reduce(0, +)
    let words = contents(of: "/proc/\(process)/schedstat").split(separator: " ")
    processorNanoseconds = words.first.flatMap { Double($0) } ?? 0
  }
}

/// The value of a line such as `Rss:   80 kB`; 0 if there is none.
func kilobytes(_ name: String, in text: String) -> Double {
  text.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
    .split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
}
