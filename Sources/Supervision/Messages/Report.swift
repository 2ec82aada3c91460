/// Something that swinit says: an event, and the facts about it. `Events` has the words.
public struct Report {
  /// Which event, a line of `Events.table`.
  let event: Event
  var process = ProcessID.nobody
  var name = ProcessName()
  var target = Target.process(.nobody)
  var received = ReceivedSignal(Signal(rawValue: 0), from: .kernel)
  var signal = Signal(rawValue: 0)
  var status = WaitStatus(rawValue: 0)
  var error = SystemError(rawValue: 0)
  var count = 0
  var file: Text = ""

  /// The events, in the order of their lines in `Events.table`.
  enum Event: UInt8 {
    case cannotAwaitChildren
    case cannotAdopt
    case cannotAwaitParent
    case cannotLog
    case cannotWriteLog
    case cannotStart
    case cannotRun
    case started
    case forwarded
    case dropped
    case cannotSend
    case ended
    case groupTold
    case remainderTold
    case gracePeriodOver
    case cannotFindDescendants
    case orphanReaped
    case reaped
    case killed
    case outOfMemory
    case zombies
    case messagesDropped
    case statusLost
    case cannotSupervise
    case summary
  }

  @inline(never)
  private init(_ event: Event) { self.event = event }

  @inline(never)
  private init(_ event: Event, _ error: SystemError) {
    self.event = event
    self.error = error
  }

  @inline(never)
  private init(_ event: Event, _ process: ProcessID, _ name: ProcessName, _ status: WaitStatus) {
    self.event = event
    self.process = process
    self.name = name
    self.status = status
  }

  @inline(never)
  private init(_ event: Event, _ received: ReceivedSignal, as signal: Signal, to target: Target) {
    self.event = event
    self.received = received
    self.signal = signal
    self.target = target
  }
}

// MARK: - What there is to say

extension Report {
  /// swinit can't be told how children end.
  public static func cannotAwaitChildren(_ error: SystemError) -> Report {
    Report(.cannotAwaitChildren, error)
  }

  /// swinit isn't given the orphans among its descendants.
  public static func cannotAdopt(_ error: SystemError) -> Report {
    Report(.cannotAdopt, error)
  }

  /// swinit can't be told of its parent's death.
  public static func cannotAwaitParent(_ error: SystemError) -> Report {
    Report(.cannotAwaitParent, error)
  }

  /// The termination log can't be opened.
  public static func cannotLog(_ file: Text, _ error: SystemError) -> Report {
    var report = Report(.cannotLog, error)
    report.file = file
    return report
  }

  /// A message isn't in the termination log, or not the whole of it.
  public static func cannotWriteLog(_ file: Text, _ error: SystemError) -> Report {
    var report = Report(.cannotWriteLog, error)
    report.file = file
    return report
  }

  /// COMMAND doesn't run; the summary has the failure.
  public static func cannotRun(_ failure: ExecutionFailure) -> Report {
    Report(failure.isOfProcess ? .cannotStart : .cannotRun, failure.error)
  }

  /// COMMAND runs as this process.
  static func started(_ process: ProcessID) -> Report {
    Report(.started, process, ProcessName(), WaitStatus(rawValue: 0))
  }

  /// A signal was passed on.
  static func forwarded(_ received: ReceivedSignal, as signal: Signal, to target: Target) -> Report
  {
    Report(.forwarded, received, as: signal, to: target)
  }

  /// A signal was not passed on, as was asked for.
  static func dropped(_ received: ReceivedSignal) -> Report {
    Report(.dropped, received, as: received.signal, to: .process(.nobody))
  }

  /// A signal couldn't be passed on.
  static func cannotSend(_ signal: Signal, to target: Target, _ error: SystemError) -> Report {
    var report = Report(
      .cannotSend, ReceivedSignal(signal, from: .kernel), as: signal, to: target)
    report.error = error
    return report
  }

  /// COMMAND ended.
  static func ended(_ process: ProcessID, _ status: WaitStatus) -> Report {
    Report(.ended, process, ProcessName(), status)
  }

  /// What was left of COMMAND's group was told to end.
  static func cleared(_ signal: Signal, _ target: Target) -> Report {
    Report(.groupTold, ReceivedSignal(signal, from: .kernel), as: signal, to: target)
  }

  /// COMMAND ended before its descendants, which were told to end.
  static var toldRemainder: Report { Report(.remainderTold) }

  /// What is left is killed.
  static var gracePeriodIsOver: Report { Report(.gracePeriodOver) }

  /// Who is a descendant can't be found out.
  static var cannotFindDescendants: Report { Report(.cannotFindDescendants) }

  /// An adopted orphan ended and was reaped.
  static func reapedOrphan(
    _ process: ProcessID, _ name: ProcessName, _ status: WaitStatus
  ) -> Report {
    Report(.orphanReaped, process, name, status)
  }

  /// Some process ended and was reaped.
  static func reaped(_ process: ProcessID, _ status: WaitStatus) -> Report {
    Report(.reaped, process, ProcessName(), status)
  }

  /// A process was killed, by somebody else than swinit.
  static func killed(_ process: ProcessID, _ name: ProcessName) -> Report {
    Report(.killed, process, name, WaitStatus(rawValue: 0))
  }

  /// A process was killed because its memory was used up; the summary has the memory's reading.
  static func outOfMemory(_ process: ProcessID, _ name: ProcessName) -> Report {
    Report(.outOfMemory, process, name, WaitStatus(rawValue: 0))
  }

  /// A process leaves so many zombies unreaped.
  static func zombies(_ count: Int, parent: ProcessID, _ name: ProcessName) -> Report {
    var report = Report(.zombies, parent, name, WaitStatus(rawValue: 0))
    report.count = count
    return report
  }

  /// Messages couldn't be written.
  public static func messagesDropped(_ count: Int) -> Report {
    var report = Report(.messagesDropped)
    report.count = count
    return report
  }

  /// COMMAND is gone, and its status was given to nobody.
  static var lostCommand: Report { Report(.statusLost) }

  /// A call fails without which swinit can't go on.
  static func cannotSupervise(_ error: SystemError) -> Report {
    Report(.cannotSupervise, error)
  }

  /// How COMMAND ended, and what there was to it.
  static var summary: Report { Report(.summary) }
}
