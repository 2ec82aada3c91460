import Supervision
import Testing

/// Lets a swinit that was called with these options live through the steps. Each is what happened,
/// and what is done then.
func live(
  with words: String = "", isPID1: Bool = true, _ steps: [(Event, String)],
  at location: SourceLocation = #_sourceLocation
) throws {
  let options = try call(words.contains("-P") ? words : "\(words) -- cmd").options
  var supervisor = Supervisor(options: options, isPID1: isPID1)
  for (event, words) in steps {
    #expect(supervisor.handle(event).words == words, sourceLocation: location)
  }
}

/// Events of a swinit whose COMMAND is process 12; others are its orphans.
extension Event {
  private static let command = ProcessID(rawValue: 12)

  /// COMMAND was spawned, without a terminal.
  static let started = Event.started(command, hasTerminal: false)
  static let startedOnTerminal = Event.started(command, hasTerminal: true)

  /// A sweep finds COMMAND changed.
  static func command(_ status: WaitStatus) -> Event {
    .changed(command, status, name: ProcessName("cmd"))
  }

  /// A sweep finds a process changed, of the name `orphan`.
  static func orphan(_ number: Int32, _ status: WaitStatus) -> Event {
    .changed(ProcessID(rawValue: number), status, name: ProcessName("orphan"))
  }

  /// Process 7 sent swinit a signal.
  static func signal(_ signal: Signal) -> Event {
    .received(ReceivedSignal(signal, from: .process(ProcessID(rawValue: 7))))
  }

  /// The clock was read.
  static func clock(milliseconds: Int64) -> Event {
    .clock(now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  /// A deadline has passed.
  static func deadline(milliseconds: Int64) -> Event {
    .deadlinePassed(now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  /// All descendants were told to end.
  static func told(foundDescendants: Bool = true) -> Event {
    let errand = Errand.terminate(group: command, groupWasTold: false)
    return .ran(errand, foundDescendants: foundDescendants)
  }

  /// All descendants were killed.
  static let killed = Event.ran(.kill(group: command), foundDescendants: true)
}
