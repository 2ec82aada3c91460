import CLinux
import Supervision

/// The process itself: its phases, then the loop.
struct Init {
  private let options: Options
  private var child: Child?
  private var diagnostics = Diagnostics()

  /// An init that runs COMMAND as `child`, or none.
  init(_ options: Options, _ child: Child?) {
    self.options = options
    self.child = child
  }

  /// Runs until COMMAND has ended; gives the status to leave with.
  mutating func run() -> ExitStatus {
    if let problem = prepare() { return fail(problem, .failure) }
    var event = Event.paused
    switch child?.spawn() {
    case .failed(let failure)?: return fail(.cannotRun(failure), failure.exitStatus)
    case .running(let process)?:
      event = .started(process, hasTerminal: child?.hasTerminal ?? false)
    case nil: break
    }
    // COMMAND runs: from here on nothing but a broken wait may end swinit before COMMAND does.
    settle()
    return supervise(from: event)
  }

  /// The loop: an event is handled, which gives an action; its outcome is the next event.
  private mutating func supervise(from start: Event) -> ExitStatus {
    let isPID1 = getpid() == 1
    var supervisor = Supervisor(options: options, isPID1: isPID1)
    var event = start
    while true {
      switch supervisor.handle(event) {
      case .wait(let deadline): event = Signals.wait(until: deadline)
      case .readClock: event = .clock(now: Clock.now)
      case .reap(let named): event = named ? Children.reapNamed() : Children.reap()
      case .send(let signal, let target): event = .sent(Signals.send(signal, to: target))
      case .run(let errand):
        event = .ran(errand, foundDescendants: Descendants.run(errand, isPID1: isPID1))
      case .handTerminal(let group): event = .handedTerminal(Terminal.hand(to: group))
      case .reclaimTerminal(let group):
        Terminal.reclaim(from: group)
        event = .reclaimedTerminal
      case .stop(let signal, let wholeGroup, let group):
        Terminal.stop(signal, wholeGroup: wholeGroup, takingFrom: group)
        event = .resumed
      case .report(let report): event = say(report)
      case .exit(let status): return status
      }
    }
  }

  /// What must be so before there is a child; gives what went wrong.
  private mutating func prepare() -> Report? {
    // If it stayed ignored, the kernel would throw COMMAND's status away.
    if let error = Signals.setDefault(.childChanged) { return .cannotPrepare(.children, error) }
    // As PID 1 it changes nothing, and costs less than to find out.
    if let error = Children.adoptOrphans(), getpid() != 1 {
      _ = say(.cannotPrepare(.orphans, error))
    }
    if let signal = options.parentDeathSignal, let error = Signals.setParentDeathSignal(signal) {
      return .cannotPrepare(.parentDeathSignal, error)
    }
    return nil
  }

  /// Lets go of what swinit holds for no use of its own, as soon as COMMAND has it.
  private func settle() {
    Descriptors.closeAllButStandard()
    _ = unsafe chdir("/")
  }

  private mutating func fail(_ report: Report, _ status: ExitStatus) -> ExitStatus {
    _ = say(report)
    return status
  }

  @inline(never)
  private mutating func say(_ report: Report) -> Event {
    var line = Line()
    report.write(to: &line, command: child?.command ?? Text("swinit" as StaticString))
    diagnostics.write(line)
    return .reported
  }
}
