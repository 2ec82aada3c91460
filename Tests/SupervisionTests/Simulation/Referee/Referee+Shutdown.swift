import Supervision

// Shutdown: descendants are signalled, waited for, and killed at the deadline.

extension Referee {
  /// How long swinit waits for killed processes.
  private static let killing: Int64 = 2_000
  /// How much time may go by besides, while swinit does other things than wait: up to a scan, a few
  /// walks through the descendants, and as many readings of the memory as a sweep's turn allows.
  private func slack(_ kernel: ModelKernel) -> Int64 {
    100 + kernel.scanMilliseconds + 5 * kernel.walkMilliseconds + 60 * kernel.readingMilliseconds
  }

  /// Shutdown begins, unless it has begun.
  mutating func begin(at now: Instant) {
    if hasBegun { return }
    phase = .open
    guard let grace = requested.grace else { return }
    beginning = now
    phase = grace == .infinite ? .grace(until: nil) : .begun
    // There is a deadline to keep.
    if phase == .begun { terminal.step = nil }
  }

  /// The command's exit begins shutdown. With `--wait` it doesn't, but ends a delay: the signal that was
  /// held back goes to the descendants.
  mutating func noteExit(at now: Instant) {
    noteLastSweep()
    guard requested.waits else { return begin(at: now) }
    switch phase {
    case .delayBegun(let received), .delayed(let received, _):
      phase = .ahead
      following = received
    case .ahead, .open, .begun, .grace, .killing: break
    }
  }

  /// Whether termination has begun.
  var hasBegun: Bool {
    switch phase {
    case .ahead, .delayBegun, .delayed: false
    case .open, .begun, .grace, .killing: true
    }
  }

  /// Whether a time begins when the clock is read.
  private var timeBegins: Bool {
    if case .delayBegun = phase { true } else { phase == .begun }
  }

  /// Whether the time of a beginning or an ending is needed and unknown.
  var clockIsWanted: Bool {
    if timeBegins && hasChildren || isBreakingOff && !hasReadClockBetween { return true }
    if hasWalkedInRound && endDeadline != nil { return true }
    if zombieLookPeriod != nil && zombieLook.next == nil && zombieLook.step == .over { return true }
    return requested.wantsSummary && (start == nil || end != nil && finish == nil)
  }

  mutating func noteClock(_ now: Instant) {
    hasWalkedInRound = false
    noteEndDeadline(now)
    if isBreakingOff && !hasReadClockBetween { noteClockBetween() }
    noteMoments(now)
  }

  private mutating func noteMoments(_ now: Instant) {
    if phase == .begun, case .milliseconds(let span)? = requested.grace {
      phase = .grace(until: now.later(byMilliseconds: span))
    }
    if case .delayBegun(let received) = phase {
      phase = .delayed(received, until: now.later(byMilliseconds: requested.stopDelay))
    }
    noteTimeToLook(now)
    noteTimeToSearch(now)
    start = start ?? now
    if end != nil || mustExit { finish = finish ?? now }
  }

  mutating func noteDeadline(_ now: Instant) {
    latest = max(latest, now)
    noteEndDeadline(now)
    noteMoments(now)
  }

  private mutating func noteEndDeadline(_ now: Instant) {
    if case .killing(let until) = phase {
      if now < until || mustExit { return }
      mustExit = true
      survivorsAfter = .invalid
      noteLastSweep()
      noteGivingUp()
    } else if case .delayed(let received, let until) = phase {
      if now < until { return }
      phase = .ahead
      noteStopSignal(received, at: now)
    } else {
      guard case .grace(let until?) = phase, now >= until else { return }
      // The time is for processes that were just forked.
      zombieLook.step = .over
      zombieLook.next = nil
      endSearch()
      phase = .killing(until: now.later(byMilliseconds: Referee.killing))
      dueDescendantSignal = .kill(group: group, names: !haveNamedKilled)
    }
  }

  mutating func noteDescendantKill(_ count: Int, _ foundDescendants: Bool) {
    dueDescendantSignal = nil
    haveNamedKilled = true
    hasWalkedInRound = signalsOfRound != nil
    countTowardsRound(Referee.signalsPerWalk)
    guard case .milliseconds(let milliseconds)? = requested.grace else { return }
    if count > 0 || !foundDescendants {
      expect(.gracePeriodExpired(milliseconds: milliseconds, count: count))
    }
  }

  mutating func noteDescendantSignal(_ foundDescendants: Bool) {
    defer {
      dueDescendantSignal = nil
      descendantSignalIsForwarded = false
    }
    hasWalkedInRound = signalsOfRound != nil
    countTowardsRound(Referee.signalsPerWalk)
    if case .terminate(.kill, _, _)? = dueDescendantSignal { account.hasSentKill = true }
    if case .forward(let signal, let group)? = dueDescendantSignal {
      if signal == .kill { account.hasSentKill = true }
      if foundDescendants {
        expect(.signalledRemainingGroup(signal, group: group), from: 1)
      }
    } else if !foundDescendants && !hasReportedBlind {
      hasReportedBlind = true
      expect(.cannotFindDescendants)
    } else if case .terminate(let signal, _, _)? = dueDescendantSignal {
      expect(.askedDescendantsToTerminate(signal), from: 1)
    }
  }

  /// A survivor is named, up to eight.
  mutating func noteSurvivor(_ process: ProcessID?) {
    guard let process else {
      survivorsAfter = nil
      return
    }
    survivorsNamed += 1
    survivorsAfter = survivorsNamed < 8 ? process : nil
    expect(.survived(process))
  }

  /// Throws unless swinit is about to exit without its descendants.
  func checkSurvivors(after process: ProcessID, _ kernel: ModelKernel) throws(Violation) {
    try checkIsOver(kernel)
    if isExiting || !mustExit || process != survivorsAfter || !hasChildren {
      throw Violation(.exitsInTime, "it looks for a survivor after \(process)")
    }
  }

  func check(_ request: DescendantSignal) throws(Violation) {
    guard request == dueDescendantSignal else {
      throw Violation(
        .signalsDescendants, "\(request) instead of \(String(describing: dueDescendantSignal))")
    }
    guard case .kill = request else { return }
    guard case .milliseconds(let grace)? = requested.grace, let beginning,
      latest >= beginning.later(byMilliseconds: grace)
    else { throw Violation(.signalsDescendants, "it kills before the deadline") }
  }

  /// The deadline of the shutdown.
  private var endDeadline: Instant? {
    switch phase {
    case .ahead, .delayBegun, .open, .begun: nil
    case .delayed(_, let until): until
    case .grace(let until): until
    case .killing(let until): until
    }
  }

  /// The time until which swinit may wait.
  var deadline: Instant? {
    [endDeadline, zombieLook.next, watch.deadline].compactMap { $0 }.min()
  }

  func checkDeadline(_ given: Instant?) throws(Violation) {
    if timeBegins { throw Violation(.readsClockWithReason, "it waits without a deadline") }
    if given != deadline {
      let waits = String(describing: given)
      throw Violation(.waitsUntilDeadline, "\(waits) instead of \(String(describing: deadline))")
    }
  }

  /// Throws if swinit exits too late, or with descendants running.
  func checkRemainder(_ kernel: ModelKernel) throws(Violation) {
    guard requested.awaitsDescendants else { return }
    if case .milliseconds(let span)? = requested.grace, let beginning {
      let last = beginning.later(byMilliseconds: span + Referee.killing + slack(kernel))
      if kernel.now > last { throw Violation(.exitsInTime, "it exits too late") }
    }
    // A process that isn't found can't be killed.
    if kernel.isBlind && !isPID1 { return }
    let isLeft = kernel.processes.contains { process in
      process.isDescendant && process.isAlive && !process.isProtected
        && (process.state != .undying || !mustExit)
    }
    if isLeft { throw Violation(.leavesNoDescendants, "\(kernel.processes)") }
  }
}

extension Instant {
  /// The instant this many milliseconds later.
  func later(byMilliseconds span: Int64) -> Instant {
    Instant(nanoseconds: nanoseconds + span * 1_000_000)
  }
}
