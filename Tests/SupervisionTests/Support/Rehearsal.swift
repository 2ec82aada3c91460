import Supervision
import Testing

/// What happens to a supervisor that plays alone: what a wait ends with.
enum Occurrence {
  /// A signal comes.
  case signal(ReceivedSignal)
  /// Children have changed.
  case changes([ChildChange])
  /// So many milliseconds have passed, at the deadline that was set.
  case deadline
}

/// A supervisor without a system around it: each of its actions succeeds, unless the test says
/// otherwise. It ends with `exit`, or when nothing is left to happen.
struct Rehearsal {
  var options = Options()
  var isPID1 = false
  /// What comes of the spawn.
  var start = Event.started(ProcessID(rawValue: 12), terminal: .none)
  /// What happens, one thing for each wait.
  var occurrences: [Occurrence] = []
  /// What the readings of the memory give, one after the other; the last again and again.
  var readings: [MemoryReading?] = [nil]
  /// What the looks for zombies find.
  var zombies: [[ZombieCount]] = []
  /// The names that are asked for.
  var names: [Int32: String] = [:]
  /// What comes of the sending of any signal.
  var sendError: SystemError?
  /// Whether the descendants can be found.
  var foundDescendants = true
  /// What comes of the first sweep, if it is more than that.
  var firstSweep: Event?

  private(set) var texts: [String] = []
  private(set) var objects: [String] = []
  private(set) var logged: [String] = []
  private(set) var status: UInt8?
  private(set) var waits = 0

  /// 2026-11-21T03:10:24.123Z, which all objects are of.
  static let moment: Int64 = 1_795_230_624_123

  /// Plays it all.
  mutating func play(command: String = "sleep") {
    var supervisor = Supervisor(options: options)
    supervisor.isPID1 = isPID1
    var now = Instant(nanoseconds: 0)
    var pending: [ChildChange] = []
    var left: [ZombieCount] = []
    var event = start
    while true {
      switch supervisor.handle(event) {
      case .wait(let deadline):
        guard !occurrences.isEmpty else { return }
        waits += 1
        switch occurrences.removeFirst() {
        case .signal(let signal): event = .received(signal)
        case .deadline:
          now = deadline ?? now
          event = .deadlinePassed(now: now)
        case .changes(let changes):
          pending += changes
          event = .received(ReceivedSignal(.childChanged, from: .kernel))
        }
      case .settle, .takePending: event = .settled
      case .readClock: event = .clock(now: now)
      case .reap:
        if let first = firstSweep {
          (event, firstSweep) = (first, nil)
        } else {
          event = pending.isEmpty ? .swept(hasChildren: true) : .changed(pending.removeFirst())
        }
      case .readMemory:
        event = .memory(readings.count > 1 ? readings.removeFirst() : readings[0])
      case .countZombies:
        left = zombies.isEmpty ? [] : zombies.removeFirst()
        event = .zombies(left.isEmpty ? nil : left.removeFirst())
      case .takeZombies: event = .zombies(left.isEmpty ? nil : left.removeFirst())
      case .readName(let process):
        event = .name(.named(names[process.rawValue] ?? ""))
      case .send: event = .sent(sendError)
      case .signalDescendants: event = .signalledDescendants(found: foundDescendants)
      case .lendTerminal: event = .lentTerminal(false)
      case .takeTerminalBack: event = .tookTerminalBack(.leftToOthers)
      case .continueOwnGroup: event = .continuedOwnGroup
      case .examineStop: event = .examinedStop(hasStoppedItself: false)
      case .stop: event = .resumed
      case .report(let report, to: .terminationLog):
        logged.append(report.words(command: command))
        event = .reported
      case .report(let report, to: .standardError):
        texts.append(report.words(command: command))
        objects.append(report.object(command: command))
        event = .reported
      case .exit(let status):
        self.status = status.rawValue
        return
      case .die(let signal, _):
        status = UInt8(128 + signal.rawValue)
        return
      }
    }
  }
}

extension Report {
  /// The whole message as an object of `Rehearsal.moment`, of a swinit that runs COMMAND.
  func object(command: String) -> String {
    message(.json(milliseconds: Rehearsal.moment), command: text(command)).line.string
  }
}

extension ChildChange {
  /// The end of a process.
  static func end(
    of process: Int32, _ status: WaitStatus, name: String = "", peak: Int64 = 0, cpu: Int64 = 0
  ) -> ChildChange {
    ChildChange(
      ProcessID(rawValue: process), status, name: .named(name),
      usage: Summary.Usage(peak: peak, processorMilliseconds: cpu))
  }
}

extension ProcessName {
  /// A name as /proc gives it.
  static func named(_ name: String) -> ProcessName { ProcessName(text(name + "\n")) }
}
