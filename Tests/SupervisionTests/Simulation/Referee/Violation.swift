/// A rule that was broken.
struct Violation: Error, CustomStringConvertible {
  enum Rule: String, CaseIterable {
    case forwardsAtOnce = "a received signal is forwarded before any other action"
    case sendsOnlyReceivedSignals = "only received signals are sent, once each, and to their target"
    case sendsNothingAfterReaping =
      "no signal is sent to the command's process ID after it was reaped"
    case signalsRemainingGroup =
      "remaining members of the process group are signalled when the command was reaped"
    case signalsOnlyDescendants = "only descendants are signalled"
    case resumesCommand = "a stopped command is continued after a stop signal"
    case reapsAll = "every zombie is reaped"
    case sweepsWithReason = "there is a sweep for each cause, and no other"
    case breaksOff = "a sweep yields after its number of children, and not before"
    case takesRounds =
      "signals have a round before a scan, and after a number of children or signals"
    case asksForNames = "names and resource usage are read only if they are reported"
    case exitsInTime = "swinit exits when nothing remains to do, and not before"
    case exitsWithStatus = "the exit status is the command's, as mapped"
    case leavesNoDescendants =
      "with a grace period no descendant that can be killed outlives swinit"
    case readsClockWithReason = "the clock is read only when a time is needed"
    case waitsUntilDeadline = "a wait lasts until the deadline"
    case signalsDescendants =
      "descendants are signalled once, and killed after the deadline, and not before"
    case asksOnce =
      "swinit's own TERM goes to each process to which none was forwarded, and to no other"
    case stopsWithCommand =
      "swinit stops with the command, and lends the terminal when it is continued"
    case returnsTerminal = "the terminal is returned when the command was reaped"
    case sharesTerminal =
      "a process that needs the terminal and may have it has it, and none remains stopped"
    case reportsEvents = "each report is made once, in order, and no other"
    case readsMemory = "the memory counter is read in time for each kill, and first when idle"
    case letsSettle = "swinit waits once for the command before it first reads the memory counter"
    case watchesCgroup =
      "the control group is watched once the memory was read, and read again before the exit"
    case namesVictims =
      "each out-of-memory kill is reported once, and no process is named without cause"
    case scansForZombies = "scans for zombies are in time, and cover all parents of zombies"
    case takesPendingSignals = "a pending signal is taken in time, whatever other work there is"
    case actsOnDeadlines = "swinit acts in time on a deadline that has passed"
    case ends = "swinit exits"
  }

  let rule: Rule
  let details: String

  init(_ rule: Rule, _ details: String) {
    self.rule = rule
    self.details = details
  }

  var description: String { "broken: \(rule.rawValue) (\(details))" }
}
