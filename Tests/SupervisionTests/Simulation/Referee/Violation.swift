/// A rule that was broken.
struct Violation: Error, CustomStringConvertible {
  enum Rule: String, CaseIterable {
    case forwardsAtOnce = "a signal is forwarded before anything else is done"
    case sendsWhatCame = "nothing is sent but what came, once, and to whom it is for"
    case sendsNothingLater = "nothing is sent to COMMAND's number after it was reaped"
    case clearsGroup = "what is left of the group is told when COMMAND was reaped"
    case signalsNoStranger = "nobody is signalled who isn't a descendant"
    case resumesCommand = "a stopped COMMAND goes on when it was asked to end"
    case reapsAll = "no zombie is left to itself"
    case sweepsWithReason = "there is a sweep for each reason, and no other"
    case breaksOff = "after so many children others have their turn, and not before"
    case takesRounds = "signals have a round before a scan, after so many children or signals"
    case asksForNames = "names and usage are asked for if they are told, and only then"
    case leavesInTime = "swinit leaves when all is over, and not before"
    case leavesWithStatus = "the status is COMMAND's, as mapped"
    case leavesNobodyBehind = "with a grace period nobody outlives swinit who can die"
    case readsClockWithReason = "the clock is read for each moment that is wanted, and no other"
    case waitsUntilDeadline = "a wait lasts until the deadline"
    case signalsDescendants = "all are told once, and killed after the deadline, and not before"
    case asksOnce =
      "swinit's own TERM goes to each process that had none forwarded, and to no other"
    case stopsWithCommand = "swinit stops like COMMAND, and hands the terminal over as it goes on"
    case givesTerminalBack = "the terminal is given back when COMMAND was reaped"
    case sharesTerminal =
      "who needs the terminal and may have it has it, and nobody is left stopped"
    case saysWhatHappened = "each thing that is to be said is said once, in order, and no other"
    case readsMemory = "memory is read in time for each that is killed, at first when idle"
    case letsSettle = "COMMAND has one moment to itself before memory is read at first"
    case looksForZombies = "zombies are looked for in time, and in all processes that leave any"
    case takesPendingSignals = "a pending signal is taken in time, whatever else there is to do"
    case actsOnDeadlines = "a deadline that has passed is acted on in time"
    case ends = "it ends"
  }

  let rule: Rule
  let details: String

  init(_ rule: Rule, _ details: String) {
    self.rule = rule
    self.details = details
  }

  var description: String { "broken: \(rule.rawValue) (\(details))" }
}
