import CLinux
import Supervision

/// Waits for changes of the control group's counts, and for signals. The kernel reports a change of
/// `memory.events` or `pids.events` to who keeps the file open and has read it; see the kernel's
/// cgroup-v2.
struct CgroupWatch {
  /// Descriptors; negative where there is none.
  private var signals: Int32 = -1
  private var memory: Int32 = -1
  private var processes: Int32 = -1
  private var hasBegun = false

  /// Whether there is anything to wait for but signals.
  var isOn: Bool { signals >= 0 }

  /// Reads the counts, which is when later changes are reported; nil if they can't be.
  mutating func read(_ cgroup: borrowing Cgroup) -> CgroupEvents? {
    if !hasBegun { begin(cgroup) }
    guard isOn else { return nil }
    let events = CgroupEvents(
      memory: CgroupWatch.read(&memory), refusals: CgroupWatch.read(&processes)?.hits,
      now: Clock.now)
    if memory >= 0 || processes >= 0 { return events }
    end()
    return nil
  }

  private mutating func begin(_ cgroup: borrowing Cgroup) {
    hasBegun = true
    memory = CgroupWatch.open(cgroup.path(of: "/memory.events"))
    processes = CgroupWatch.open(cgroup.path(of: "/pids.events"))
    guard memory >= 0 || processes >= 0 else { return }
    signals = Descriptors.aboveStandard(clinux_signal_descriptor())
    // A look at all processes needs two more.
    var last = clinux_duplicate(signals, signals &+ 2)
    if last < 0 { end() }
    CgroupWatch.close(&last)
  }

  /// Opens a file of a control group. Another file that is mounted in its place may be ready at all times.
  /// open(2)
  private static func open(_ path: CString?) -> Int32 {
    guard let path else { return -1 }
    var descriptor = Descriptors.aboveStandard(
      Descriptors.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY))
    if descriptor >= 0, clinux_is_of_cgroup(descriptor) == 0 { close(&descriptor) }
    return descriptor
  }

  private static func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { _ = CLinux.close(descriptor) }
    descriptor = -1
  }

  /// Waits for signals alone from now on.
  mutating func end() {
    CgroupWatch.close(&signals)
    CgroupWatch.close(&memory)
    CgroupWatch.close(&processes)
  }

  /// Reads a file; one that can't be read is closed. A group that was removed after this process has left
  /// it would be reported over and over.
  private static func read(_ descriptor: inout Int32) -> CgroupEvents.Memory? {
    let memory = Memory.file
    let count = unsafe clinux_read_first(descriptor, memory.start, memory.capacity)
    guard count <= 0 else { return CgroupEvents.Memory(memory.text(count: count)) }
    close(&descriptor)
    return nil
  }

  /// How many seconds a wait lasts at most: the call takes milliseconds in 32 bits.
  private static let longest: Int32 = 1 << 20

  /// What has ended a wait.
  enum Outcome {
    case signal
    case change
    case timeout
    case failure
  }

  /// Waits until a signal is pending or a count has changed, at most for a time; it may end early. poll(2)
  func wait(within span: timespec?) -> Outcome {
    var milliseconds: Int32 = -1
    var isShortened = false
    if let span {
      // Rounded up: it must not end just before the deadline, over and over.
      isShortened = span.tv_sec > CgroupWatch.longest
      let seconds = isShortened ? CgroupWatch.longest : Int32(truncatingIfNeeded: span.tv_sec)
      let rest = Int32(truncatingIfNeeded: (span.tv_nsec &+ 999_999) / 1_000_000)
      milliseconds = seconds &* 1000 &+ rest
    }
    switch clinux_poll(signals, memory, processes, milliseconds) {
    case 2: return .change
    case 1, -EINTR: return .signal
    case 0: return isShortened ? .signal : .timeout
    default: return .failure
    }
  }
}
