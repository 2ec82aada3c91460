import Testing

@testable import Supervision

/// What begins shutdown: seen by the grace period, which begins with it.
@Suite("Stop signals") struct StopSignalTests {
  /// A signal that arrives, and from whom.
  struct Arrival: CustomTestStringConvertible {
    let signal: Int32
    var sender = ReceivedSignal.Sender.outside
    var isIgnored = false

    var received: ReceivedSignal {
      ReceivedSignal(
        Signal(rawValue: signal), from: sender, reportsKill: false, isIgnored: isIgnored)
    }

    var testDescription: String {
      "\(signal) from \(sender)\(isIgnored ? ", ignored" : "")"
    }
  }

  /// Whether a supervisor with these options begins shutdown when a signal arrives.
  private func begins(_ arrival: Arrival, _ words: String, isPID1: Bool) throws -> Bool {
    var supervisor = Supervisor(options: try call("-k 5s \(words) cmd").optionsToRun)
    supervisor.isPID1 = isPID1
    _ = supervisor.handle(.started)
    _ = supervisor.handle(.swept(hasChildren: true))
    var event = Event.received(arrival.received)
    for _ in 0..<8 {
      switch supervisor.handle(event) {
      case .send: event = .sent(nil)
      case .reap: event = .swept(hasChildren: true)
      case .readClock: return true
      case .report: event = .reported
      default: return false
      }
    }
    return false
  }

  private static let named: [String: Int32] = [
    "HUP": 1, "INT": 2, "QUIT": 3, "USR1": 10, "TERM": 15, "WINCH": 28, "PWR": 30, "RTMIN+3": 37,
  ]
  private static let rewrites: [(String, [Int32: Int32])] = [
    ("", [:]),
    ("-r RTMIN+3:TERM", [37: 15]),
    ("-r TERM:QUIT", [15: 3]),
    ("-r HUP:USR1", [1: 10]),
    ("-r USR1:WINCH,PWR:INT", [10: 28, 30: 2]),
    ("-r TERM:0,INT:none", [15: 0, 2: 0]),
  ]
  private static let stopSignals: [(String, [Int32])] = [
    ("", [15, 2]), ("--stop-signal=QUIT", [3]), ("--stop-signal=WINCH,usr1", [28, 10]),
    ("--stop-signal 37,SIGPWR", [37, 30]), ("--stop-signal hup", [1]),
  ]

  /// One row for each signal, rewrite, `--stop-signal`, and place.
  @Test(
    "A forwarded signal begins shutdown if it is a stop signal as received or as sent",
    arguments: named.keys.sorted(), [true, false])
  func table(name: String, isPID1: Bool) throws {
    let signal = try #require(Self.named[name])
    for (rewrite, numbers) in Self.rewrites {
      for (option, stops) in Self.stopSignals {
        let sent = numbers[signal] ?? signal
        let expected = sent != 0 && (stops.contains(signal) || stops.contains(sent))
        let actual = try begins(Arrival(signal: signal), "\(rewrite) \(option)", isPID1: isPID1)
        #expect(actual == expected, "\(name) \(rewrite) \(option)")
      }
    }
  }

  @Test(
    "HUP begins shutdown when the kernel sends it, whatever --stop-signal says",
    arguments: ["", "--stop-signal QUIT", "-r HUP:USR1"], [true, false])
  func hangupOfKernel(options: String, isPID1: Bool) throws {
    #expect(try begins(Arrival(signal: 1, sender: .kernel), options, isPID1: isPID1))
    #expect(try !begins(Arrival(signal: 1, sender: .unknown), options, isPID1: isPID1))
  }

  @Test("A dropped HUP of the kernel begins nothing", arguments: [true, false])
  func droppedHangup(isPID1: Bool) throws {
    #expect(try !begins(Arrival(signal: 1, sender: .kernel), "-r HUP:0", isPID1: isPID1))
  }

  @Test(
    "The kernel's WINCH never begins shutdown",
    arguments: ["--stop-signal WINCH", "-r WINCH:TERM", "--stop-signal WINCH -r WINCH:TERM"],
    [true, false])
  func resize(options: String, isPID1: Bool) throws {
    #expect(try !begins(Arrival(signal: 28, sender: .kernel), options, isPID1: isPID1))
    #expect(try begins(Arrival(signal: 28), options, isPID1: isPID1))
  }

  @Test(
    "A stop signal that swinit inherited as ignored is forwarded and begins nothing",
    arguments: [1, 2, 15] as [Int32], [true, false])
  func inheritedAsIgnored(signal: Int32, isPID1: Bool) throws {
    for sender in [ReceivedSignal.Sender.outside, .kernel] {
      let arrival = Arrival(signal: signal, sender: sender, isIgnored: true)
      #expect(try !begins(arrival, "--stop-signal HUP,INT,TERM", isPID1: isPID1))
    }
    var supervisor = Supervisor(options: try call("-k 5s cmd").optionsToRun)
    _ = supervisor.handle(.started)
    _ = supervisor.handle(.swept(hasChildren: true))
    let arrival = Arrival(signal: signal, isIgnored: true)
    let action = supervisor.handle(.received(arrival.received))
    #expect(action == .send(Signal(rawValue: signal), to: .group(ProcessID(rawValue: 12))))
  }

  @Test(
    "CONT follows each stop signal to a stopped command, and no other signal",
    arguments: ["HUP", "INT", "QUIT", "USR1", "TERM", "RTMIN+3"])
  func continuation(name: String) throws {
    let signal = try #require(Self.named[name])
    for (option, stops) in Self.stopSignals {
      var supervisor = Supervisor(options: try call("\(option) cmd").optionsToRun)
      _ = supervisor.handle(.startedInBackground)
      _ = supervisor.handle(.command(.stopped(by: .stop)))
      _ = supervisor.handle(.swept(hasChildren: true))
      _ = supervisor.handle(.received(Arrival(signal: signal).received))
      let action = supervisor.handle(.sent(nil))
      let isContinued = action == .send(.continue, to: .group(ProcessID(rawValue: 12)))
      #expect(isContinued == stops.contains(signal), "\(name) \(option)")
    }
  }

  @Test(
    "--pause exits on a stop signal alone",
    arguments: [("", [2, 15]), ("--stop-signal QUIT", [3]), ("-r PWR:TERM", [2, 15, 30])]
      as [(String, [Int32])])
  func pause(options: String, stops: [Int32]) throws {
    for signal: Int32 in [1, 2, 3, 10, 15, 28, 30, 37] {
      var supervisor = Supervisor(options: try call("-P \(options)").optionsToRun)
      _ = supervisor.handle(.paused)
      _ = supervisor.handle(.swept(hasChildren: false))
      _ = supervisor.handle(.received(Arrival(signal: signal).received))
      let action = supervisor.handle(.swept(hasChildren: false))
      #expect((action == .exit(.success)) == stops.contains(signal), "\(signal) \(options)")
    }
  }

  @Test(
    "--stop-signal takes names, numbers and lists in any case, and replaces TERM and INT",
    arguments: [
      ("QUIT", "3"), ("sigquit", "3"), ("3", "3"), ("USR1,usr2,RTMIN+3", "10 12 37"),
      ("hup,WINCH,64", "1 28 64"), ("HUP,WINCH,", "1 28"),
    ])
  func values(value: String, meaning: String) throws {
    #expect(try call("--stop-signal=\(value) true").meaning == "stop-signal \(meaning)")
    #expect(try call("--stop-signal \(value) true").meaning == "stop-signal \(meaning)")
    #expect(
      try call("true", with: "SWINIT_STOP_SIGNAL=\(value)").meaning == "stop-signal \(meaning)")
    #expect(
      try call("--stop-signal HUP true", with: "SWINIT_STOP_SIGNAL=\(value)").meaning
        == "stop-signal 1")
  }

  @Test(
    "--stop-signal refuses KILL, STOP, CHLD and what is no signal",
    arguments: [
      "KILL", "STOP", "CHLD", "9", "TERM,KILL", "CLD", "65", "0", "TERMINATE", "TERM;INT",
    ])
  func refusals(value: String) throws {
    #expect(try call("--stop-signal=\(value) true").refusal.contains("--stop-signal"))
    #expect(
      try call("true", with: "SWINIT_STOP_SIGNAL=\(value)").refusal.contains("SWINIT_STOP_SIGNAL"))
  }
}
