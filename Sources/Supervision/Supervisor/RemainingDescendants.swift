/// What the descendants that the command leaves are sent, and were sent before. Its own number, and that
/// of its process group, may be used again by then: only descendants are signalled.
struct RemainingDescendants {
  /// What is sent next.
  fileprivate(set) var next: DescendantSignal?
  /// When the command's process group was last sent SIGTERM, as rewritten, so that no process receives
  /// it again that was there.
  private(set) var groupSignalled: Tick?
  /// Whether the descendants were asked to terminate after the command had exited.
  fileprivate var wereAskedToTerminate = false
  /// Whether those that were killed were named.
  fileprivate var wereNamed = false
  /// After which process the next one is looked for that SIGKILL has not ended, if any is.
  fileprivate(set) var survivorsAfter: ProcessID?
  /// How many were reported.
  fileprivate var survivors = 0
  /// Whether it was reported that they cannot be found.
  fileprivate var hasReportedFailure = false

  /// The group was sent SIGTERM, as rewritten.
  mutating func noteGroupSignalled(at tick: Tick) { groupSignalled = tick }

  /// Looks for those that SIGKILL has not ended.
  mutating func searchForSurvivors() {
    next = nil
    survivorsAfter = .invalid
  }

  /// No more is sent: none remains, or they cannot be supervised.
  mutating func stop() {
    next = nil
    survivorsAfter = nil
  }

  /// Sends what is due.
  var nextAction: Action? {
    @inline(__always) get { next.map { .signalDescendants($0) } }
  }
}

extension Supervisor {
  /// How many survivors are named.
  private static var survivorLimit: Int { 8 }

  /// Looks for a descendant that SIGKILL has not ended, before swinit exits.
  var nextSurvivorSearch: Action? {
    @inline(__always) get {
      guard reaping.hasChildren, let process = remaining.survivorsAfter else { return nil }
      return .findSurvivor(after: process)
    }
  }

  /// A descendant was found that SIGKILL has not ended; nil if there is none.
  @inline(__always)
  mutating func recordSurvivor(_ process: ProcessID?) {
    remaining.survivorsAfter = nil
    guard let process else { return }
    remaining.survivors &+= 1
    if remaining.survivors < Supervisor.survivorLimit { remaining.survivorsAfter = process }
    report(.survived(process))
  }

  /// Descendants remain, or may do so: they are asked to terminate when the command has exited, or
  /// killed.
  mutating func signalRemainingDescendants() {
    switch shutdown {
    // With --wait, the command's exit has not begun it.
    case .notStarted, .delayStarting, .delayed, .expired: break
    case .killing:
      // A process that was just forked may have outlived its parent.
      remaining.next = .kill(group: command.group, names: !remaining.wereNamed)
    case .begun, .starting, .grace, .unlimitedGrace:
      guard command.hasExited, !remaining.wereAskedToTerminate,
        let signal = options.rewrites[.terminate]
      else { return }
      remaining.wereAskedToTerminate = true
      if awaitsDescendants {
        askToTerminate(signal, sentBefore: remaining.groupSignalled)
      } else {
        forwardToGroup(signal)
      }
    }
  }

  /// The command has exited: a stop signal goes to all descendants with --wait, and any other to the
  /// remaining members of the command's group.
  mutating func forwardToDescendants(_ received: ReceivedSignal, as signal: Signal) {
    if shutdown.isKilling { return }
    let asksToStop = received.asksToStop(as: signal, options.stopSignals)
    if asksToStop || signal == .continue { terminal.stop = .none }
    if options.waits && asksToStop && !received.isIgnored {
      shutdown.begin(options.killAfter)
      remaining.wereAskedToTerminate = true
      askToTerminate(signal, sentBefore: nil)
    } else {
      if signal.stops { stopWithDescendants() }
      forwardToGroup(signal)
    }
  }

  private mutating func askToTerminate(_ signal: Signal, sentBefore: Tick?) {
    remaining.next = .terminate(signal, group: command.group, sentBefore: sentBefore)
  }

  /// Sends a signal to the remaining members of the command's group, unless the command alone is
  /// signalled.
  @inline(never)  // 48 bytes
  mutating func forwardToGroup(_ signal: Signal) {
    guard let group = command.group, !options.singleChild else { return }
    remaining.next = .forward(signal, group: group)
  }

  /// The grace period has expired, and the remaining descendants were killed.
  mutating func recordDescendantKill(_ count: Int, _ foundDescendants: Bool) {
    remaining.next = nil
    remaining.wereNamed = true
    rounds.noteWalk()
    guard case .milliseconds(let milliseconds)? = options.killAfter,
      count > 0 || !foundDescendants
    else { return }
    report(.gracePeriodExpired(milliseconds: milliseconds, count: count))
  }

  mutating func recordDescendantSignal(_ foundDescendants: Bool) {
    switch remaining.next {
    case .terminate(.kill, _, _), .forward(.kill, _): forwarding.noteKill()
    default: break
    }
    if case .forward(let signal, let group)? = remaining.next {
      if foundDescendants {
        report(.signalledRemainingGroup(signal, group: group), atVerbosity: 1)
      }
    } else if !foundDescendants && !remaining.hasReportedFailure {
      remaining.hasReportedFailure = true
      report(.cannotFindDescendants)
    } else if case .terminate(let signal, _, _)? = remaining.next {
      report(.askedDescendantsToTerminate(signal), atVerbosity: 1)
    }
    remaining.next = nil
    rounds.noteWalk()
  }
}
