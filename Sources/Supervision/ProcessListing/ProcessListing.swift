/// What `--ps` prints, line by line: a tree with a heading and totals, or an array in JSON.
public struct ProcessListing {
  private let isJSON: Bool
  private let now: Tick
  private let pageSize: Int64
  private var processes: Int64 = 0
  private var threads: Int64 = 0
  private var zombies: Int64 = 0
  private var stopped: Int64 = 0
  private var memory: Int64 = 0

  /// How much of a control group's limit is used.
  public struct Usage {
    var used: Int64
    var limit: Int64

    /// So much of a limit.
    public init(used: Int64, limit: Int64) {
      self.used = used
      self.limit = limit
    }
  }

  /// A listing at this moment: a tree, or an array of objects (RFC 8259).
  public init(inJSON isJSON: Bool, now: Tick, pageSize: Int64) {
    self.isJSON = isJSON
    self.now = now
    self.pageSize = pageSize
  }

  /// Deeper processes are indented no further, so that their commands can be seen.
  private static let deepest = 8

  /// On a narrower terminal, which wraps them, lines are as long: a part of each command can be seen.
  public static let narrowest = 64

  /// Writes the line before the processes.
  public func begin(_ line: inout Line) {
    line.append(isJSON ? "[" : "    PID    PPID S  THR   RSS     ELAPSED COMMAND")
    line.end()
  }

  /// Writes a process, and counts it. A zombie has no command line, nor has a thread of the kernel.
  public mutating func add(
    _ process: ListedProcess, depth: Int, pages: Int64, command: Text, to line: inout Line
  ) {
    let bytes = pages &* pageSize
    let age = max(now.rawValue &- process.start.rawValue, 0)
    if isJSON && processes > 0 { line.append(",") }
    add("{\"pid\":", Int64(process.process.rawValue), width: 7, to: &line)
    add(",\"ppid\":", Int64(process.parent.rawValue), width: 8, to: &line)
    line.append(isJSON ? ",\"state\":\"" : " ")
    line.append(byte: process.state)
    add("\",\"threads\":", process.threads, width: 5, to: &line)
    if isJSON {
      line.append(",\"resident_bytes\":", bytes)
      // Ticks of 10 ms.
      line.append(",\"elapsed_ms\":", age &* 10)
      line.append(",\"name\":\"")
      line.append(process.name, inJSON: true)
      if !command.isEmpty {
        line.append("\",\"command\":\"")
        line.append(foreign: command, inJSON: true)
      }
      line.append("\"}")
    } else {
      line.append(memory: bytes, width: 6)
      line.append(seconds: age / 100)
      addCommand(of: process, depth: depth, command, to: &line)
    }
    line.end()
    processes &+= 1
    threads &+= process.threads
    memory &+= bytes
    if process.isZombie { zombies &+= 1 }
    if process.isStopped { stopped &+= 1 }
  }

  /// Writes the line after the processes.
  public func end(_ line: inout Line) {
    if isJSON {
      line.append("]")
    } else {
      line.append("processes: ", processes)
      line.append(", threads: ", threads)
      line.append(", zombies: ", zombies)
      line.append(", stopped: ", stopped)
      line.append(", resident memory: ")
      line.append(memory: memory, width: 2)
    }
    line.end()
  }

  /// Writes what is used of a control group's limit of memory, beside a tree.
  public func addMemoryLimit(_ usage: Usage, to line: inout Line) {
    line.append("memory limit: ")
    line.append(memory: usage.used, width: 2)
    line.append(" of ")
    line.append(memory: usage.limit, width: 2)
    line.end()
  }

  /// Writes what is used of a control group's limit of processes, beside a tree.
  public func addProcessLimit(_ usage: Usage, to line: inout Line) {
    line.append("process limit: ", usage.used)
    line.append(" of ", usage.limit)
    line.append(", threads included")
    line.end()
  }

  /// Adds a number: a field of an object, or a column of a tree.
  @inline(never)
  private func add(_ field: Text, _ number: Int64, width: Int, to line: inout Line) {
    guard !isJSON else { return line.append(field, number) }
    line.append(number, width: width)
  }

  private func addCommand(
    of process: ListedProcess, depth: Int, _ command: Text, to line: inout Line
  ) {
    if depth > 0 {
      for _ in SafeRange(min(depth, ProcessListing.deepest) &- 1) { line.append("  ") }
      line.append("\\_ ")
    }
    // Before the command, which may be cut off.
    if process.isZombie { line.append("ZOMBIE ") }
    if process.isStopped { line.append("STOPPED ") }
    // Apostrophes are common in command lines, and forge nothing here.
    let delimiter = UInt8.ascii("\\")
    guard command.isEmpty else {
      return line.append(foreign: command, inJSON: false, delimiter: delimiter)
    }
    line.append("[")
    line.append(process.name, inJSON: false, delimiter: delimiter)
    line.append("]")
  }
}

extension Line {
  /// Adds words and a number.
  @inline(never)
  fileprivate mutating func append(_ words: Text, _ number: Int64) {
    append(words)
    append(number)
  }

  /// Adds a time as hours, minutes and seconds, in twelve columns and a space.
  fileprivate mutating func append(seconds: Int64) {
    append(seconds / 3600, width: 6)
    append(":")
    append(seconds / 60 % 60, digits: 2)
    append(":")
    append(seconds % 60, digits: 2)
    append(" ")
  }

  /// Adds a number that isn't negative, after spaces up to a width.
  @inline(never)
  fileprivate mutating func append(_ number: Int64, width: Int) {
    if number >= 10 {
      append(number / 10, width: width &- 1)
    } else {
      for _ in SafeRange(width &- 1) { append(" ") }
    }
    append(number, digits: 1)
  }

  /// Adds an amount of memory in at most five characters, such as `76K` or `9999M`, after spaces up to
  /// a width.
  @inline(never)
  fileprivate mutating func append(memory bytes: Int64, width: Int) {
    let units: Text = "KMGTPE"
    var amount = max(bytes, 0) / 1024
    var unit = 0
    while amount >= 10_000 {
      amount /= 1024
      unit &+= 1
    }
    append(amount, width: width &- 1)
    append(byte: units[unit])
  }
}
