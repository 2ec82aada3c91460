import Foundation
import TestSupport
import Testing

/// A whole run of swinit, from its first system call to its last, without help from the test.
///
/// Each command exits by itself, whichever signals it does not receive.
enum Scenario: String, CaseIterable, CustomTestStringConvertible {
  case start
  case help
  case notFound
  case notExecutable
  case shellScript
  case forward
  case reap
  case terminal
  case shutdown
  case kill
  case report
  case pause

  var testDescription: String { rawValue }

  /// The exit status of swinit when nothing fails.
  var status: Int32 {
    switch self {
    case .help, .pause: 0
    case .notFound: 127
    case .notExecutable: 126
    default: 7
    }
  }

  var isOnTerminal: Bool { self == .terminal }

  /// Whether no process may remain, whichever the command leaves behind.
  var leavesNothing: Bool { self == .shutdown || self == .kill || self == .pause }

  /// The command that becomes swinit or starts it.
  var launcher: [String] {
    switch self {
    case .start: [probe, "without-descriptors", "0"]
    // The signal comes from a child, since no process outside knows when swinit is ready.
    case .pause: ["sh", "-c", Scenario.signalledWhenReady, "sh"]
    // The descriptor that the termination log will get is taken.
    case .report: ["sh", "-c", "exec 3</dev/null; exec \"$@\"", "sh"]
    default: []
    }
  }

  /// The arguments of swinit.
  func arguments(_ directory: TemporaryDirectory) throws -> [String] {
    switch self {
    case .start:
      ["-p", "USR1", "--termination-log=\(directory("log"))", "sh", "-c", "exit 7"]
    case .help: ["--help"]
    case .notFound: ["there-is-no-such-command"]
    case .notExecutable: [try directory.file("file", "#!/bin/sh\n", mode: 0o644)]
    case .shellScript: [try directory.file("script", "exit 7\n")]
    case .forward: ["-v", "-r", "HUP:USR2", "sh", "-c", Scenario.receiver]
    case .reap: ["-w", "sh", "-c", "(sleep 0.02; exit 4) & (true & true &); sleep 0.05; exit 7"]
    case .terminal: ["-v", "sh", "-c", Scenario.editor]
    case .shutdown: ["-v", "-k", "1s", "sh", "-c", Scenario.family(ignoringSIGTERM: false)]
    case .kill: ["-v", "-k", "1s", "sh", "-c", Scenario.family(ignoringSIGTERM: true)]
    case .report:
      [
        "-v", "--log-format=json", "--termination-log=\(directory("log"))", "-e", "0:7",
        "--zombie-check=40ms", "sh", "-c", Scenario.zombieKeeper,
      ]
    case .pause: ["-v", "--pause", "-k", "1s"]
    }
  }

  /// Stops itself in the ways that a terminal does. Its child continues it if no other process
  /// does.
  private static let editor = """
    (for moment in 1 2 3 4 5 6; do sleep 0.2; kill -CONT $$; done) &
    kill -TSTP $$
    kill -TTIN $$
    kill -STOP $$
    exit 7
    """

  /// Sends signals to swinit and receives them from it.
  private static let receiver = """
    trap : USR1 USR2
    trap 'exit 7' TERM
    kill -USR1 $PPID
    kill -HUP $PPID
    kill -TERM $PPID
    for moment in 1 2 3 4 5 6 7 8 9 10; do sleep 0.02; done
    exit 7
    """

  /// Leaves a child, another in a session of its own and, if requested, one that ignores SIGTERM,
  /// and exits on SIGTERM. It waits until the children have executed sleep, so that they lose no
  /// signal.
  private static func family(ignoringSIGTERM: Bool) -> String {
    """
    trap 'exit 7' TERM
    sleep 1000 & family=$!
    setsid sleep 1000 & family="$family $!"
    \(ignoringSIGTERM ? "(trap '' TERM; exec sleep 1000) & family=\"$family $!\"" : "")
    for member in $family; do until grep -q sleep /proc/$member/comm; do :; done; done
    kill -TERM $PPID
    for moment in 1 2 3 4 5; do sleep 0.02; done
    exit 7
    """
  }

  /// Becomes the named command, and sends it SIGTERM when it waits, or after a second.
  private static let signalledWhenReady = """
    (for moment in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      grep -q sleeping /proc/$$/status && break
      sleep 0.05
    done
    kill -TERM $$) &
    exec "$@"
    """

  /// Leaves an orphan that is killed, and has a zombie of its own for a while.
  private static let zombieKeeper = """
    (sh -c 'sleep 0.03; kill -KILL $$' &)
    true &
    exec sleep 0.15
    """
}

extension Scenario {
  /// The scenarios that `SCENARIOS` lists, separated by commas; all of them if it is not set.
  static let chosen: [Scenario] = {
    let names = ProcessInfo.processInfo.environment["SCENARIOS"] ?? ""
    if names.isEmpty { return allCases }
    return names.split(separator: ",").compactMap { Scenario(rawValue: String($0)) }
  }()
}
