import CLinux
import Supervision

/// swinit's phases, then the loop.
struct EventLoop: ~Copyable {
  var supervisor: Supervisor
  var child: Child?
  var diagnostics = Diagnostics()
  var terminationLog: TerminationLog?
  var cgroup = Cgroup()
  var watch = CgroupWatch()
  var victims = VictimSearch()
  var zombies = Zombies()
  /// The processes that were killed when the grace period expired.
  var killed = Summary.KilledProcesses()
  /// Those of them that have not exited when swinit does.
  var survivors = Descendants.Survivors()

  /// Runs the command as `child`, if there is one.
  @inline(never)  // as `supervise`
  init(_ options: Options, _ child: Child?) {
    supervisor = Supervisor(options: options)
    self.child = child
  }

  /// Runs until the command has exited; gives the status to exit with.
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
    // From here on only a failure to wait may terminate swinit before the command exits.
    releaseInheritedState()
    return supervise(from: event)
  }

  /// Reports a misspelt environment variable.
  mutating func warn(of variable: Text) { write(.misspelledVariable(variable), to: .standardError) }

  /// The loop: an event is handled, which gives an action; its outcome is the next event.
  // Not inlined: the stack that it takes would lie above what posix_spawn(3) takes, and need a page more.
  @inline(never)
  private mutating func supervise(from start: Event) -> ExitStatus {
    let isPID1 = getpid() == 1
    supervisor.isPID1 = isPID1
    let stops = supervisor.options.shutdownSignals
    var event = start
    while true {
      switch supervisor.handle(event) {
      case .wait(let deadline):
        event = Signals.wait(until: deadline, &watch, cgroup, asking: stops)
      case .waitBriefly(let milliseconds):
        event = Signals.waitBriefly(milliseconds, asking: stops)
      case .takePending(let signals):
        event = Signals.takePending(signals, asking: stops).map { .received($0) } ?? .noSignal
      case .readClock: event = .clock(now: Clock.now)
      case .reap(let inspection): event = Reaper.reap(inspection)
      case .readMemory(let details): event = .memory(cgroup.readMemory(details: details))
      case .readCgroup: event = .cgroup(watch.read(cgroup))
      case .lookForVictims(let purpose): event = victims.look(purpose, isPID1: isPID1, cgroup)
      case .takeVictim(let kind): event = .victim(victims.take(kind))
      case .examineProcesses: event = .processLimit(cgroup.examineProcesses(isPID1: isPID1))
      case .countZombies: event = .zombies(zombies.count(isPID1: isPID1))
      case .takeZombies: event = .zombies(zombies.next())
      case .readName(let process): event = .name(ProcessFiles.name(of: process))
      case .send(let signal, let target):
        let tick = supervisor.notesTick(of: signal) ? Clock.tick : nil
        event = .sent(Signals.send(signal, to: target), at: tick)
      case .signalDescendants(let request):
        event = Descendants.send(request, isPID1: isPID1, &killed)
      case .findSurvivor(let process):
        event = Descendants.findSurvivor(
          isFirst: process == .invalid, isPID1: isPID1, &survivors, &killed.survivor)
      case .lendTerminal(let command): event = .lentTerminal(Terminal.lend(to: command))
      case .reclaimTerminal(let command, let process):
        event = .reclaimedTerminal(Terminal.reclaim(from: command, requestedBy: process))
      case .continueOwnGroup:
        Terminal.continueOwnGroup()
        event = .continuedOwnGroup
      case .examineStop(let command):
        event = .examinedStop(hasStoppedItself: ProcessFiles.hasStoppedItself(command))
      case .stop(let signal, let wholeGroup):
        event = Terminal.stop(signal, wholeGroup: wholeGroup) ? .resumed : .couldNotStop
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
}
