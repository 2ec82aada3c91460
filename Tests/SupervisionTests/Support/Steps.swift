import Supervision
import Testing

/// Runs a supervisor with these options through the steps that lead to a state, and then through the
/// others. Each is an event and the description of the resulting action.
func live(
  with words: String = "", isPID1: Bool = true, from state: [(Event, String)] = [],
  _ steps: [(Event, String)], at location: SourceLocation = #_sourceLocation
) throws {
  let call = call(words.contains("-P") ? words : "\(words) -- cmd")
  var supervisor = Supervisor(options: try call.optionsToRun)
  supervisor.isPID1 = isPID1
  for (event, words) in state + steps {
    let action = supervisor.handle(event)
    let wordsOfAction = action.words
    #expect(wordsOfAction == words, sourceLocation: location)
  }
}

extension [(Event, String)] {
  /// The command has been spawned, and swinit waits.
  static let idle = idle(after: .started)

  static func idle(after started: Event) -> Self {
    [
      (started, "reap"), (.swept(hasChildren: true), "wait briefly"),
      (.noSignal, "read the memory"),
      (.memory(nil), "wait"),
    ]
  }

  /// The command has exited, and swinit waits for its remaining descendants for at most 5 s.
  static let grace: Self = [
    (.started, "reap"), (.command(.exited(0)), "reap"),
    (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "tell all"),
    (.signalledDescendants(found: true), "read the memory"), (.memory(nil), "wait until 5000 ms"),
  ]
}

/// Events of a swinit whose command is process 12; other processes are its orphans.
extension Event {
  private static let command = ProcessID(rawValue: 12)

  /// The command was spawned, without a terminal, in its background, and in its foreground.
  static let started = Event.started(command, terminal: .none)
  static let startedInBackground = Event.started(command, terminal: .background)
  static let startedOnTerminal = Event.started(command, terminal: .foreground)

  /// A sweep finds that the command has changed.
  static func command(_ status: WaitStatus) -> Event {
    .changed(ChildChange(command, status, name: ProcessName("cmd")))
  }

  /// A sweep finds that a process named `orphan` has changed.
  static func orphan(_ number: Int32, _ status: WaitStatus) -> Event {
    .changed(
      ChildChange(ProcessID(rawValue: number), status, name: ProcessName("orphan")))
  }

  /// Process 7 sent swinit a signal.
  static func signal(_ signal: Signal) -> Event {
    .received(ReceivedSignal(signal, from: .process(ProcessID(rawValue: 7))))
  }

  /// SIGCHLD reports a child that SIGKILL killed.
  static let childKilled = Event.received(
    ReceivedSignal(.childChanged, from: .kernel, reportsKill: true))

  /// The processes with these numbers and names were killed; nil if none could be found.
  static func killed(_ names: [Int32: String]?) -> Event {
    .killedDescendants(count: names?.count ?? 0, found: names != nil)
  }

  /// The clock was read.
  static func clock(milliseconds: Int64) -> Event {
    .clock(now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  /// A deadline has passed.
  static func deadline(milliseconds: Int64) -> Event {
    .deadlinePassed(now: Instant(nanoseconds: milliseconds * 1_000_000))
  }
}
