import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let terminals = [
    Scenario(title: "COMMAND reads from the terminal, and ^C reaches it once", promise: "yes") {
      try $0.receivesKeys()
    },
    Scenario(title: "COMMAND receives WINCH when the terminal is resized", promise: "yes") {
      trial in
      let terminal = try trial.membersOnTerminal()
      try terminal.resize(rows: 30, columns: 100)
      return terminal.shows("0 \(SIGWINCH)\r\n") ? "yes" : "no"
    },
    Scenario(
      title: "a shell as COMMAND has job control (`docker run -it`)", promise: "yes",
      differences: [.catatonit: "no"]
    ) {
      try $0.hasJobControl()
    },
    Scenario(
      title: "COMMAND can open `/dev/tty`", promise: "yes",
      differences: [.dumbInit: Expectation(processOne: "yes", plain: "no")]
    ) { trial in
      let open = "(: </dev/tty) 2>/dev/null && echo op''en || echo cl''osed"
      let terminal = try trial.terminal(under: .bash, "sh -c \"\(open)\"")
      return terminal.shows("open\r\n") ? "yes" : "no"
    },
    Scenario(
      title: "returns the terminal when COMMAND exits", places: [.plain], promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.returnsTerminal() },
    Scenario(
      title: "`INIT COMMAND &` leaves the terminal to the shell", places: [.plain], promise: "yes",
      differences: [.tini: "steals it", .catatonit: "steals it"]
    ) { try $0.leavesTerminalAlone() },
    Scenario(
      title: "^Z stops COMMAND, `fg` resumes it", places: [.plain], promise: "yes",
      differences: [.tini: "the terminal hangs", .catatonit: "the terminal hangs"]
    ) {
      try $0.suspends()
    },
  ]
}

extension Trial {
  private var variables: [String] { Terminal.variables(of: subject.path) }

  /// The init leads the terminal's session.
  private func terminal(_ command: [String]) throws -> Terminal {
    try Terminal(
      [subject.path, "--"] + command, of: subject.path, at: place, environment: variables)
  }

  fileprivate func membersOnTerminal() throws -> Terminal {
    let terminal = try terminal([probe, "members", "1"])
    try terminal.expect("0 ready\r\n")
    return terminal
  }

  /// The init runs the command line, started by a shell or, as PID 1, as the leader of the session.
  fileprivate func terminal(under shell: Shell, _ command: String) throws -> Terminal {
    if place == .processOne { return try terminal(["sh", "-c", command]) }
    let terminal = try Terminal.shell(shell, of: subject.path)
    try terminal.enter("$S -- \(command)")
    return terminal
  }

  fileprivate func receivesKeys() throws -> String {
    let reader = try terminal([probe, "ready", "cat"])
    try reader.expect("ready\r\n")
    try reader.type("hello\r")
    guard reader.shows("hello\r\nhello\r\n") else { return "no" }
    let terminal = try membersOnTerminal()
    try terminal.type(Key.interrupt)
    guard terminal.shows("0 \(SIGINT)\r\n") else { return "no" }
    // A second signal would be taken first, since its number is lower.
    try terminal.run.signal(SIGTERM)
    // The kernel may echo a key, such as ^C, only after its signal has been taken.
    return try terminal.text(before: "0 \(SIGTERM)\r\n").contains("0 ") ? "twice" : "yes"
  }

  fileprivate func hasJobControl() throws -> String {
    let terminal = try terminal(Shell.bash.command)
    let greeting = try terminal.text(before: Shell.prompt)
    if greeting.contains("no job control") { return "no" }
    try terminal.enter("$P ready cat")
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    try terminal.type(Key.suspend)
    return terminal.shows("Stopped") && terminal.shows(Shell.prompt) ? "yes" : "no"
  }

  /// A script does not take the terminal back itself, unlike an interactive shell.
  fileprivate func returnsTerminal() throws -> String {
    let script = "$S -- true; read x; echo got=$x; exit 7"
    let terminal = try Terminal(
      ["dash", "-c", script], of: subject.path, environment: variables)
    try terminal.type("hello\r")
    return terminal.shows("got=hello\r\n") ? "yes" : "no"
  }

  fileprivate func leavesTerminalAlone() throws -> String {
    let terminal = try Terminal.shell(.bash, of: subject.path)
    let foreground = terminal.foreground
    let directory = try TemporaryDirectory()
    let go = directory("go")
    // The shell takes the terminal before it prompts.
    try terminal.enter(
      "{ until [ -e \(go) ]; do sleep 0.01; done; exec $S -- $P ready sleep 1000; } &")
    try terminal.expect(Shell.prompt)
    try directory.file("go", "")
    try terminal.expect("ready\r\n")
    guard terminal.foreground == foreground else { return "steals it" }
    try terminal.type("echo st''ill\r")
    return terminal.shows("still\r\n") ? "yes" : "no"
  }

  fileprivate func suspends() throws -> String {
    let terminal = try Terminal.shell(.bash, of: subject.path)
    try terminal.enter("$S -- $P ready cat")
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    try terminal.type(Key.suspend)
    guard terminal.shows("Stopped"), terminal.shows(Shell.prompt) else {
      return "the terminal hangs"
    }
    try terminal.enter("fg")
    try terminal.expect("cat\r\n")
    try terminal.type("second\r")
    return terminal.shows("second\r\nsecond\r\n") ? "yes" : "`fg` hangs"
  }
}
