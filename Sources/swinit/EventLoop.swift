import CLinux
import Supervision

/// The process itself: its phases, then the loop.
struct EventLoop: ~Copyable {
  private var supervisor: Supervisor
  private var child: Child?
  private var diagnostics = Diagnostics()
  private var terminationLog: TerminationLog?
  private var cgroup = Cgroup()
  private var zombies = Zombies()

  /// An init that runs COMMAND as `child`, or none.
  @inline(never)  // likewise
  init(_ options: Options, _ child: Child?) {
    supervisor = Supervisor(options: options)
    self.child = child
  }

  /// Runs until COMMAND has ended; gives the status to leave with.
  mutating func run() -> ExitStatus {
    if let status = prepare() { return status }
    var event = Event.paused
    switch child?.spawn() {
    case .noProcess(let error)?: return fail(.cannotStart(error))
    case .failed(let failure)?:
      _ = fail(.cannotRun(failure))
      return failure.exitStatus
    case .running(let process, let terminal)?: event = .started(process, terminal: terminal)
    case nil: break
    }
    // COMMAND runs: from here on nothing but a broken wait may end swinit before COMMAND does.
    settle()
    return supervise(from: event)
  }

  /// The loop: an event is handled, which gives an action; its outcome is the next event.
  @inline(never)  // its frame isn't needed below posix_spawn's: a page of the stack
  private mutating func supervise(from start: Event) -> ExitStatus {
    let isPID1 = getpid() == 1
    supervisor.isPID1 = isPID1
    var event = start
    while true {
      switch supervisor.handle(event) {
      case .wait(let deadline): event = Signals.wait(until: deadline)
      case .settle(let milliseconds): event = Signals.settle(milliseconds)
      case .takePending(let signals):
        event = Signals.takePending(signals).map { .received($0) } ?? .settled
      case .readClock: event = .clock(now: Clock.now)
      case .reap(let inspection): event = Reaper.reap(inspection)
      case .readMemory(let details): event = .memory(cgroup.readMemory(details: details))
      case .countZombies: event = .zombies(zombies.count(isPID1: isPID1))
      case .takeZombies: event = .zombies(zombies.next())
      case .readName(let process): event = .name(ProcessFiles.name(of: process))
      case .send(let signal, let target): event = .sent(Signals.send(signal, to: target))
      case .signalDescendants(let request):
        event = .signalledDescendants(found: Descendants.send(request, isPID1: isPID1))
      case .lendTerminal(let command): event = .lentTerminal(Terminal.lend(to: command))
      case .takeTerminalBack(let command, let process):
        event = .tookTerminalBack(Terminal.takeBack(from: command, askedBy: process))
      case .continueOwnGroup:
        Terminal.continueOwnGroup()
        event = .continuedOwnGroup
      case .examineStop(let command):
        event = .examinedStop(hasStoppedItself: ProcessFiles.hasStoppedItself(command))
      case .stop(let signal, let wholeGroup):
        event = Terminal.stop(signal, wholeGroup: wholeGroup) ? .resumed : .leftStopped
      case .report(let report, let destination):
        write(report, to: destination)
        event = .reported
      case .exit(let status): return status
      case .die(let signal, let wholeGroup):
        Signals.die(of: signal, wholeGroup: wholeGroup)
        return .death(by: signal)
      }
    }
  }

  /// What must be so before there is a child; gives the status to leave with if it can't be.
  @inline(never)  // likewise
  private mutating func prepare() -> ExitStatus? {
    if let path = supervisor.options.terminationLog {
      let log = TerminationLog(path)
      if let error = log.error { return fail(.cannotOpenLog(path, error)) }
      terminationLog = log
    }
    // If it stayed ignored, the kernel would throw COMMAND's status away.
    if let error = Signals.setDefault(.childChanged) { return fail(.cannotAwaitChildren(error)) }
    // As PID 1 it changes nothing, and costs less than to find out.
    if let error = Reaper.adoptOrphans(), getpid() != 1 {
      write(.cannotAdoptOrphans(error), to: .standardError)
    }
    if let signal = supervisor.options.parentDeathSignal,
      let error = Signals.setParentDeathSignal(signal)
    {
      return fail(.cannotAwaitParent(error))
    }
    return nil
  }

  /// Lets go of what swinit holds for no use of its own, as soon as COMMAND has it.
  private mutating func settle() {
    diagnostics.release()
    terminationLog?.moveDown()
    Descriptors.closeAll(from: terminationLog == nil ? 3 : 4)
    _ = unsafe chdir("/")
  }

  @inline(never)
  private mutating func fail(_ report: Report) -> ExitStatus {
    write(report, to: .terminationLog)
    write(report, to: .standardError)
    return .failure
  }

  /// Writes a report. The termination log has sentences, whatever the format of standard error.
  @inline(never)
  private mutating func write(_ report: Report, to destination: Report.Destination) {
    let isObject = supervisor.options.logsObjects && destination == .standardError
    var message = Message(isObject ? .json(milliseconds: Clock.time) : .text)
    report.write(to: &message, command: child?.command ?? "swinit")
    switch destination {
    case .standardError: diagnostics.write(message)
    case .terminationLog:
      guard let error = terminationLog?.write(message), let path = supervisor.options.terminationLog
      else { return }
      // Once is enough.
      terminationLog = nil
      write(.cannotWriteLog(path, error), to: .standardError)
    }
  }
}
