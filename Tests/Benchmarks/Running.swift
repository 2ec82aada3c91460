import CBenchmarks
import Foundation

/// A running program, started as an engine starts a container's first process.
struct Running: ~Copyable {
  /// Its process ID.
  let process: pid_t
  /// The descriptor from which its output can be read.
  private let output: Int32

  /// The namespaces that it runs in.
  enum Life {
    /// Those of this process.
    case plain
    /// As PID 1 of a namespace.
    case processOne
    /// The same, with a /proc of that namespace.
    case processOneWithFiles
  }

  /// How it terminated, and the resources that it and its reaped children used.
  struct End {
    let status: Int32
    let processorNanoseconds: Double
    let pageFaults: Double
  }

  /// Starts a program, whose first word is its path. It inherits the descriptors up to a number.
  init(_ words: [String], _ life: Life, inherited: Int32 = 2) throws {
    var ends: [Int32] = [0, 0]
    guard unsafe benchmark_pipe(&ends) == 0 else { throw Failure("no pipe") }
    let process = Running.start(Words(words), life, inherited, output: ends[1])
    close(ends[1])
    guard process > 0 else {
      close(ends[0])
      throw Failure("cannot start \(words)")
    }
    self.process = process
    output = ends[0]
  }

  deinit { close(output) }

  /// The same without a pipe and without copying the arguments; -1 on failure.
  /// clone(2)
  @inline(__always)
  static func start(
    _ words: Words, _ life: Life, _ inherited: Int32 = 2, output: Int32 = Running.null
  ) -> pid_t {
    let namespaces: Int32 =
      switch life {
      case .plain: 0
      case .processOne: Int32(benchmark_new_processes)
      case .processOneWithFiles:
        Int32(benchmark_new_processes | benchmark_new_mounts)
      }
    var program = unsafe benchmark_program(
      arguments: words.pointers, environment: Running.environment.pointers, null: null,
      output: output, most_inherited: inherited, namespaces: namespaces)
    return unsafe benchmark_start(&program)
  }

  /// Waits until a program has terminated. wait4(2)
  @inline(__always)
  static func end(of process: pid_t) throws -> End {
    var end = benchmark_end()
    guard unsafe benchmark_wait(process, &end) == 0 else { throw Failure("no child \(process)") }
    return End(
      status: end.status, processorNanoseconds: Double(end.processor_nanoseconds),
      pageFaults: Double(end.page_faults))
  }

  /// Waits until it has terminated.
  consuming func end() throws -> End { try Running.end(of: process) }

  /// Kills it, and waits.
  consuming func kill() throws {
    _ = Foundation.kill(process, SIGKILL)
    _ = try Running.end(of: process)
  }

  /// The next numbers that it writes. Waits for them for at most two minutes.
  func numbers(_ count: Int) throws -> [Double] {
    var numbers = [Int64](repeating: 0, count: count)
    let size = 8 * count
    var read = 0
    while read < size {
      var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&request, 1, 120_000) == 1 else { throw Failure("nothing is said") }
      let more = unsafe numbers.withUnsafeMutableBytes {
        unsafe Foundation.read(output, $0.baseAddress?.advanced(by: read), size - read)
      }
      guard more > 0 else { throw Failure("it ended, and said too little") }
      read += more
    }
    return numbers.map(Double.init)
  }

  private static let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)

  /// The environment that an engine gives.
  private static let environment = Words([
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=c0ffee",
    "HOME=/root",
  ])
}

/// Arguments as execve(2) takes them.
@safe
final class Words: Sendable {
  nonisolated(unsafe) let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  init(_ words: [String]) {
    unsafe pointers = .allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() { unsafe pointers[index] = strdup(word) }
    unsafe pointers[words.count] = nil
  }

  deinit {
    var index = 0
    while let word = unsafe pointers[index] {
      unsafe free(word)
      index += 1
    }
    unsafe pointers.deallocate()
  }
}
