@testable import Supervision

/// What a report says, comparable.
enum Said: Hashable {
  case started(ProcessID)
  case forwarded(ReceivedSignal, as: Signal, to: Target)
  case dropped(ReceivedSignal)
  case cannotSend(Signal, to: Target)
  case ended(ProcessID, WaitStatus)
  case cleared(Signal, Target)
  case toldRemainder
  case gracePeriodIsOver
  case cannotFindDescendants
  case reapedOrphan(ProcessID, name: String, WaitStatus)
  case reaped(ProcessID, WaitStatus)
  case killed(ProcessID, name: String)
  case outOfMemory(ProcessID, name: String, limit: Int64?, peak: Int64?)
  case zombies(Int, parent: ProcessID, name: String)
  case cannotSupervise(SystemError)
  case summary(Ending)
  case other

  /// What a summary says.
  struct Ending: Hashable {
    var process: ProcessID
    var status: WaitStatus
    var isOutOfMemory = false
    var milliseconds: Int64 = 0
    var peak: Int64 = 0
    var processorMilliseconds: Int64 = 0
    var orphans = 0
    var killed = 0
  }

  init(_ report: Report, _ summary: borrowing Summary) {
    let process = report.process
    let name = unsafe report.name.withText { $0.string }
    switch report.event {
    case .started: self = .started(process)
    case .forwarded: self = .forwarded(report.received, as: report.signal, to: report.target)
    case .dropped: self = .dropped(report.received)
    case .cannotSend: self = .cannotSend(report.signal, to: report.target)
    case .ended: self = .ended(process, report.status)
    case .groupTold: self = .cleared(report.signal, report.target)
    case .remainderTold: self = .toldRemainder
    case .gracePeriodOver: self = .gracePeriodIsOver
    case .cannotFindDescendants: self = .cannotFindDescendants
    case .orphanReaped: self = .reapedOrphan(process, name: name, report.status)
    case .reaped: self = .reaped(process, report.status)
    case .killed: self = .killed(process, name: name)
    case .outOfMemory:
      self = .outOfMemory(
        process, name: name, limit: summary.memory.limit, peak: summary.memory.peak)
    case .zombies: self = .zombies(report.count, parent: process, name: name)
    case .cannotSupervise: self = .cannotSupervise(report.error)
    case .summary:
      self = .summary(
        Ending(
          process: summary.process, status: summary.status, isOutOfMemory: summary.isOutOfMemory,
          milliseconds: summary.milliseconds, peak: summary.usage.peak,
          processorMilliseconds: summary.usage.processorMilliseconds, orphans: summary.orphans,
          killed: summary.killed.count))
    case .cannotAwaitChildren, .cannotAdopt, .cannotAwaitParent, .cannotLog, .cannotWriteLog,
      .cannotStart, .cannotRun, .messagesDropped, .statusLost:
      self = .other
    }
  }

  /// What a history has come to that says so.
  var milestones: Set<Milestone> {
    switch self {
    case .killed: [.killedByOthers]
    case .outOfMemory: [.outOfMemory]
    case .zombies(let count, _, _): count > 1 ? [.zombiesTold, .manyZombiesTold] : [.zombiesTold]
    case .summary(let ending):
      ending.isOutOfMemory ? [.summarized, .commandOutOfMemory] : [.summarized]
    default: []
    }
  }
}
