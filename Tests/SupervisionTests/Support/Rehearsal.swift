import Supervision
import Testing

/// An occurrence in a rehearsal, which ends a wait of the supervisor.
enum Occurrence {
  /// A signal arrives.
  case signal(ReceivedSignal)
  /// Children have changed.
  case changes([ChildChange])
  /// The deadline that was set has passed.
  case deadline
}

/// A supervisor without a system: each of its actions succeeds, unless the test says
/// otherwise. It stops at `exit`, or after the last occurrence.
struct Rehearsal {
  var options = Options()
  var isPID1 = false
  /// The result of the spawn.
  var start = Event.started(ProcessID(rawValue: 12), terminal: .none)
  /// The occurrences, one for each wait.
  var occurrences: [Occurrence] = []
  /// The results of reading the memory counters, one after the other; the last one is repeated.
  var readings: [MemoryReading?] = [nil]
  /// The results of the scans for zombies.
  var zombies: [[ZombieCount]] = []
  /// The names of processes.
  var names: [Int32: String] = [:]
  /// The error of sending any signal, if it fails.
  var sendError: SystemError?
  /// Whether descendants can be found in /proc.
  var foundDescendants = true
  /// The result of the first sweep, if it finds anything.
  var firstSweep: Event?

  /// Those that are killed when the grace period is over.
  var killed = Summary.KilledProcesses()

  /// Those that SIGKILL does not end, the first of which is `killed.survivor`.
  var survivors: [ProcessID] = []

  private(set) var texts: [String] = []
  private(set) var objects: [String] = []
  private(set) var logged: [String] = []
  private(set) var status: UInt8?
  private(set) var waits = 0

  /// 2026-11-21T03:10:24.123Z, the time of all JSON messages.
  static let moment: Int64 = 1_795_230_624_123

  /// Plays all occurrences.
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
      case .waitBriefly, .takePending: event = .noSignal
      case .readClock: event = .clock(now: now)
      case .reap:
        if let first = firstSweep {
          (event, firstSweep) = (first, nil)
        } else {
          event = pending.isEmpty ? .swept(hasChildren: true) : .changed(pending.removeFirst())
        }
      case .readMemory:
        event = .memory(readings.count > 1 ? readings.removeFirst() : readings[0])
      case .readCgroup: event = .cgroup(nil)
      case .lookForVictims, .takeVictim, .examineProcesses:
        preconditionFailure("nothing is watched")
      case .countZombies:
        left = zombies.isEmpty ? [] : zombies.removeFirst()
        event = .zombies(left.isEmpty ? nil : left.removeFirst())
      case .takeZombies: event = .zombies(left.isEmpty ? nil : left.removeFirst())
      case .readName(let process):
        event = .name(.named(names[process.rawValue] ?? ""))
      case .send: event = .sent(sendError)
      case .signalDescendants(.kill(_, names: true)):
        event = .killedDescendants(count: killed.count, found: foundDescendants)
      case .signalDescendants: event = .signalledDescendants(found: foundDescendants)
      case .findSurvivor:
        event = .survivor(survivors.isEmpty ? nil : survivors.removeFirst())
      case .lendTerminal: event = .lentTerminal(false)
      case .reclaimTerminal: event = .reclaimedTerminal(.leftToOtherGroup)
      case .continueOwnGroup: event = .continuedOwnGroup
      case .examineStop: event = .examinedStop(hasStoppedItself: false)
      case .stop: event = .resumed
      case .report(let report, to: .terminationLog):
        logged.append(report.words(command: command))
        event = .reported
      case .report(let report, to: .standardError):
        texts.append(report.words(command: command, killed: killed))
        objects.append(report.object(command: command, killed: killed))
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
  /// The JSON message at `Rehearsal.moment` of a swinit that runs `command`.
  func object(
    command: String, killed: Summary.KilledProcesses = Summary.KilledProcesses()
  ) -> String {
    message(.json(milliseconds: Rehearsal.moment), command: text(command), killed: killed)
      .line.string
  }
}

extension ChildChange {
  /// The termination of a process.
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
