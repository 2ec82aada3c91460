import CBenchmarks
import Foundation

/// The machine that the numbers are measured on.
enum Machine {
  #if arch(x86_64)
    static let architecture = "x86_64"
  #elseif arch(arm64)
    static let architecture = "aarch64"
  #endif

  /// Kernel and processor, on one line.
  static var description: String {
    let kernel = contents(of: "/proc/sys/kernel/osrelease").prefix { $0 != "\n" }
    let model = contents(of: "/proc/cpuinfo").split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":").last
    let name = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? architecture
    let count = ProcessInfo.processInfo.processorCount
    return "Linux \(kernel), \(count) processors (\(name))"
  }

  /// Pins this process, and the processes that it starts meanwhile, to one processor, so that
  /// timings do not include the time to wake up another processor.
  static func onOneProcessor<Result>(_ body: () throws -> Result) throws -> Result {
    var all = [UInt64](repeating: 0, count: Int(benchmark_processor_words))
    guard unsafe benchmark_get_processors(&all) >= 0 else { throw Failure("sched_getaffinity") }
    guard let word = all.lastIndex(where: { $0 != 0 }) else { throw Failure("no processor") }
    var one = [UInt64](repeating: 0, count: all.count)
    one[word] = 1 << UInt64(63 - all[word].leadingZeroBitCount)
    guard unsafe benchmark_set_processors(one) == 0 else { throw Failure("sched_setaffinity") }
    defer { _ = unsafe benchmark_set_processors(all) }
    return try body()
  }
}

/// The whole of a file, such as those of /proc; empty if it can't be read.
func contents(of path: String) -> String {
  FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

/// The time of the monotonic clock in nanoseconds.
func now() -> Double {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}
