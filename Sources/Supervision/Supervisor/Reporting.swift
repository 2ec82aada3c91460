/// What is reported next, and the summary, which is reported last: how the command terminated, and what
/// it used.
struct Reporting {
  /// When the command ran.
  private enum Run {
    case notStarted
    case started(Instant)
    case ended
  }

  /// What is reported next.
  private(set) var next: Report?
  /// What the summary reports, as far as it is known.
  var summary = Summary()
  private var run = Run.notStarted
  /// Where the summary is written next, nil if it is written already.
  private(set) var summaryDestination: Report.Destination?

  /// Reports something. There is never more than one report at a time.
  mutating func report(_ report: Report) {
    assert(next == nil)
    next = report
  }

  /// A supervisor whose summary goes to the termination log first, or to standard error only.
  init(logs: Bool) { summaryDestination = logs ? .terminationLog : .standardError }

  /// Writes no summary: swinit exits without one.
  mutating func dropSummary() { summaryDestination = nil }

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
  mutating func noteWritten() {
    if case .some = next {
      next = nil
    } else {
      summaryDestination = summaryDestination == .terminationLog ? .standardError : nil
    }
  }
}

extension Supervisor {
  /// Whether the options ask for a summary.
  var wantsSummary: Bool {
    !options.pauses && (options.verbosity > 0 || options.terminationLog != nil)
  }

  /// Writes the summary where the options ask for it.
  var nextSummary: Action? {
    @inline(__always) get {
      guard wantsSummary, let destination = reporting.summaryDestination,
        destination == .terminationLog || options.verbosity > 0
      else { return nil }
      let summary = reporting.summary
      return .report(
        destination == .terminationLog ? .exitReport(summary) : .summary(summary), to: destination)
    }
  }

  /// Reports something if the verbosity is at least this.
  mutating func report(_ next: @autoclosure () -> Report, atVerbosity verbosity: Int) {
    if options.verbosity >= verbosity { report(next()) }
  }

  /// Reports something.
  @inline(never)  // 96 bytes
  mutating func report(_ next: Report) { reporting.report(next) }
}
