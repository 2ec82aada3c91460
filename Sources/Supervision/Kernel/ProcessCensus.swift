/// Which process leaks, so that no fork succeeds any more: zombies, children, or threads.
///
/// Of two looks at all processes, the first finds the parent of most zombies and that of most other
/// children, if it has more than half of them; the second counts them.
public struct ProcessCensus {
  /// The process that has most of something.
  private struct Holder {
    var process = ProcessID.invalid
    var votes: Int32 = 0
    var count: Int32 = 0

    /// Votes for a process. One that has more than half of the votes remains, as Boyer and Moore found.
    mutating func vote(_ candidate: ProcessID) {
      if votes == 0 { process = candidate }
      votes &+= process == candidate ? 1 : -1
    }

    mutating func count(_ candidate: ProcessID) { if process == candidate { count &+= 1 } }
  }

  private var zombies = Holder()
  private var children = Holder()
  private var threads = Holder()

  /// No processes.
  public init() {}

  /// Notes a process in the first look.
  public mutating func note(_ process: ProcessID, _ status: ProcessStatus) {
    if status.isZombie { zombies.vote(status.parent) } else { children.vote(status.parent) }
    if status.threads > threads.count {
      threads.process = process
      threads.count = status.threads
    }
  }

  /// Notes a process in the second look.
  public mutating func noteAgain(_ status: ProcessStatus) {
    if status.isZombie { zombies.count(status.parent) } else { children.count(status.parent) }
  }

  /// The largest leak; its process has no name yet.
  public var leak: ProcessLeak {
    if zombies.count >= max(children.count, threads.count) {
      return ProcessLeak(.zombies, zombies.count, zombies.process)
    }
    return children.count >= threads.count
      ? ProcessLeak(.children, children.count, children.process)
      : ProcessLeak(.threads, threads.count, threads.process)
  }
}

/// What a process has most of.
public struct ProcessLeak: Hashable, Sendable {
  /// What it has.
  public var kind: Kind
  /// How many it has.
  public var count: Int32
  /// The process.
  public var process: ProcessID

  /// What a process may have too many of.
  public enum Kind: Hashable, Sendable {
    /// Children that have exited, and that it does not reap.
    case zombies
    /// Children that run.
    case children
    /// Threads.
    case threads
  }

  /// So many, of a process.
  public init(_ kind: Kind, _ count: Int32, _ process: ProcessID) {
    self.kind = kind
    self.count = count
    self.process = process
  }
}

/// A control group that has as many processes and threads as its limit allows.
public struct ProcessLimit: Hashable, Sendable {
  /// How many it may have: `pids.max`.
  public var limit: Int32
  /// How many it has: `pids.current`.
  public var count: Int32
  /// What takes most of them.
  public var leak: ProcessLeak
  /// The name of the process that has it.
  public var name: ProcessName

  /// A limit that is reached.
  public init(limit: Int32, count: Int32, leak: ProcessLeak, name: ProcessName) {
    self.limit = limit
    self.count = count
    self.leak = leak
    self.name = name
  }
}
