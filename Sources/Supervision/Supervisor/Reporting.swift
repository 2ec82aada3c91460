/// What is reported next, and the summary, which is reported last: how the command terminated, and what
/// it used.
struct Reporting {
  /// When the command ran.
  private enum Run {
    case notStarted
    case started(Instant)
    case ended
  }

  /// Where the summary was written.
  private enum Progress {
    case notWritten
    /// It is in the termination log, and standard error follows.
    case logged
    /// It is wherever the options ask for it.
    case finished
  }

  /// What is reported next.
  private(set) var next: Report?
  /// What the summary reports, as far as it is known.
  var summary = Summary()
  private var run = Run.notStarted
  private var progress = Progress.notWritten

  /// Reports something. There is never more than one report at a time.
  mutating func report(_ report: Report) {
    assert(next == nil)
    next = report
  }

  /// Writes no summary: swinit exits without one.
  mutating func dropSummary() { progress = .finished }

  /// Whether a moment of the command's run is unknown that the summary needs.
  func needsClock(commandHasExited: Bool) -> Bool {
    switch run {
    case .notStarted: true
    case .started: commandHasExited
    case .ended: false
    }
  }

  /// The command runs at this moment, or has exited.
  mutating func note(_ now: Instant, commandHasExited: Bool) {
    if case .notStarted = run { run = .started(now) }
    if commandHasExited { noteEnd(now) }
  }

  /// The command has exited, or cannot, and swinit no longer waits for it.
  mutating func noteEnd(_ now: Instant) {
    guard case .started(let start) = run else { return }
    summary.milliseconds = now.milliseconds(since: start)
    run = .ended
  }

  /// A report was written: the next one, or else the summary.
  mutating func noteWritten(logged: Bool) {
    if case .some = next {
      next = nil
    } else if logged, case .notWritten = progress {
      progress = .logged
    } else {
      progress = .finished
    }
  }

  /// Where the summary is written next, if the termination log and standard error are to have it.
  func nextDestination(log: Bool, standardError: Bool) -> Report.Destination? {
    switch progress {
    case .notWritten where log: .terminationLog
    case .notWritten, .logged: standardError ? .standardError : nil
    case .finished: nil
    }
  }
}

extension Supervisor {
  /// Whether the options ask for a summary.
  var wantsSummary: Bool {
    !options.pauses && (options.verbosity > 0 || options.terminationLog != nil)
  }

  /// Writes the summary wherever the options ask for it.
  @inline(__always)
  mutating func nextSummary() -> Action? {
    guard wantsSummary,
      let destination = reporting.nextDestination(
        log: options.terminationLog != nil, standardError: options.verbosity > 0)
    else { return nil }
    return .report(.summary(reporting.summary), to: destination)
  }

  /// Reports something if the verbosity is at least this.
  mutating func report(_ next: @autoclosure () -> Report, atVerbosity verbosity: Int) {
    if options.verbosity >= verbosity { report(next()) }
  }

  /// Reports something.
  @inline(never)
  mutating func report(_ next: Report) { reporting.report(next) }
}
