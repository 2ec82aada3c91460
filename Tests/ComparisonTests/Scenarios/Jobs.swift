import Foundation
import Glibc
import TestSupport
import Testing

/// The rest of the job that an init is a member of, on a terminal. Each row is observed under each
/// shell, and without an init too, where `env` stands for it.
extension Scenario {
  static func job(
    _ title: String, place: Place = .plain, needs: [Need] = [],
    _ differences: [Subject: Expectation] = [:],
    _ observe: @escaping @Sendable (Trial) throws -> String
  ) -> Scenario {
    Scenario(
      title: title, places: [place], subjects: Subject.allCases, needs: needs, promise: "yes",
      differences: differences, observe: { try observe($0) })
  }

  static let jobs = [
    job(
      "`unshare -fp INIT COMMAND &` leaves the terminal to the shell", needs: [.namespaces],
      [.tini: "no", .catatonit: "no"]
    ) {
      try $0.inEachShell { trial, shell in
        let terminal = try Terminal.shell(shell, of: trial.subject.path)
        let unshare = Place.processOne.wrapper.joined(separator: " ")
        try terminal.enter("/usr/bin/\(unshare) $S -- $P ready sleep 1000 &")
        try terminal.expect("ready\r\n")
        try terminal.type("echo st''ill\r")
        return terminal.shows("still\r\n")
      }
    },
    job("a script reads while its `INIT COMMAND &` runs", [.catatonit: "no"]) {
      try $0.inEachScript("$S -- $P ready sleep 1000 &\nread x; echo got=$x; kill $!") {
        try $0.type("hello\r")
        return $0.shows("got=hello\r\n")
      }
    },
    job("a script traps ^C while its `INIT COMMAND &` runs", [.catatonit: "no"]) {
      try $0.inEachScript(
        "trap 'echo trapped; kill $!; exit' INT; $S -- $P ready sleep 1000 & wait"
      ) {
        try $0.type(Key.interrupt)
        return $0.shows("trapped\r\n")
      }
    },
    job("`cat \\| INIT sed` reads", [.catatonit: "no"]) {
      let directory = try TemporaryDirectory()
      // cat reads when the init has started its command.
      let wait = "until [ -e \(directory("go")) ]; do sleep 0.01; done"
      return try $0.inEachPipeline(
        "{ \(wait); exec /bin/cat; } | $S -- $P ready sed -u 's/^/got=/'"
      ) { terminal in
        defer { try? FileManager.default.removeItem(atPath: directory("go")) }
        guard terminal.shows("ready\r\n") else { return false }
        try directory.file("go", "")
        // The shell has the terminal again if cat's read has failed.
        guard terminal.run.comes({ terminal.isByLine }) else { return false }
        try terminal.enter(input: "hello")
        return terminal.shows("got=hello\r\n")
      }
    },
    job(
      "a pager has the keys, as in `INIT COMMAND \\| less`", needs: [.program("less")],
      [.tini: "no", .catatonit: "no"]
    ) {
      try $0.inEachPipeline("$S -- sh -c 'seq 1000; sleep 1000' | less") { terminal in
        guard terminal.shows("20\r\n") else { return false }
        guard terminal.run.comes(within: 5, { !terminal.isByLine }) else { return false }
        try terminal.type("q")
        return terminal.run.comes(within: 5) { terminal.isByLine }
      }
    },
    job(
      "a password prompt has the keys, as in `INIT COMMAND \\| prompt`",
      [.tini: "no", .catatonit: "no"]
    ) {
      try $0.inEachPipeline(
        "$S -- sleep 2 | sh -c 'stty -echo; read x; stty echo; echo \"got=$x\"' </dev/tty"
      ) { terminal in
        guard terminal.run.comes(within: 5, { terminal.isByLine && !terminal.echoes }) else {
          return false
        }
        try terminal.type("secret\r")
        return terminal.shows("got=secret\r\n")
      }
    },
    job(
      "^C ends an interactive shell's loop over `INIT COMMAND`",
      [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) {
      try $0.inEachPipeline(
        "for i in 1 2; do echo \"round $i\"; $S -- $P ready sleep 1000; done"
      ) {
        try $0.expect("round 1\r\n")
        try $0.expect("ready\r\n")
        return try $0.endsAtInterrupt()
      }
    },
    job(
      "^C ends a script that calls `INIT COMMAND`",
      [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) {
      try $0.inEachScript("for i in 1 2; do $S -- $P ready sleep 1000; done; echo round 2") {
        try $0.endsAtInterrupt()
      }
    },
    job(
      "^C ends a `make` that calls `INIT COMMAND`", needs: [.program("make")],
      [.tini: "no", .catatonit: "no"]
    ) { trial in
      let directory = try TemporaryDirectory()
      try directory.file("Makefile", "all:\n\t@$$S -- $$P ready sleep 1000\n")
      let terminal = try Terminal.shell(.bash, of: trial.subject.path)
      try terminal.enter("make -C \(directory.path)")
      try terminal.expect("ready\r\n")
      try terminal.type(Key.interrupt)
      return terminal.showsInterruptedMake() ? "yes" : "no"
    },
    job(
      "^C interrupts a Python that calls `INIT COMMAND`", needs: [.program("python3")],
      [.tini: "no", .catatonit: "no"]
    ) { trial in
      let directory = try TemporaryDirectory()
      let script = try directory.file(
        "script",
        """
        import os, subprocess
        try:
          subprocess.run([os.environ["S"], "--", os.environ["P"], "ready", "sleep", "1000"])
        except KeyboardInterrupt:
          print("interrupted")
        """)
      let terminal = try Terminal.shell(.bash, of: trial.subject.path)
      try terminal.enter("python3 \(script)")
      try terminal.expect("ready\r\n")
      try terminal.type(Key.interrupt)
      return terminal.shows("interrupted\r\n") ? "yes" : "no"
    },
    job("STOP and CONT from outside stop COMMAND alone, and no script") {
      try $0.inEachScript("$S -- $P ready sh -c 'sleep 1000; exit 3'; echo after=$?; exit 7") {
        let terminal = $0
        var sleep: pid_t?
        guard
          terminal.run.comes({
            sleep = ProcessTable().first(below: terminal.run.nest) {
              readLink("/proc/\($0)/exe")?.hasSuffix("sleep") == true
            }
            return sleep != nil
          }), let command = sleep, let parent = ProcessTable.Entry(command)?.parent
        else { return false }
        try check(kill(parent, SIGSTOP))
        try $0.wait(for: "COMMAND to stop") { state(of: parent) == "T" }
        try check(kill(command, SIGKILL))
        try check(kill(parent, SIGCONT))
        return $0.shows("after=3\r\n")
      }
    },
    job("^Z and ^C kill the command of `docker run -it`", place: .processOne, [.none: "no"]) {
      trial in
      let terminal = try trial.leader(of: ["cat"])
      try terminal.expect("ready\r\n")
      try terminal.type("hello\r")
      guard terminal.shows("hello\r\nhello\r\n") else { return "no" }
      try terminal.type(Key.suspend + Key.interrupt)
      return terminal.run.comes(within: 10) { terminal.run.hasEnded } ? "yes" : "no"
    },
    job(
      "the command of `docker run -it` reads after a job of its own took the terminal",
      place: .processOne,
      [.tini: "no", .dumbInit: "no", .catatonit: "no", .none: "no"]
    ) { trial in
      let terminal = try trial.leader(of: [probe, "with-stolen-terminal", "reaped", "cat"])
      try terminal.expect("stolen\r\n")
      try terminal.type("hello\r")
      return terminal.shows("hello\r\nhello\r\n") ? "yes" : "no"
    },
  ]
}

extension Trial {
  /// Whether something is so under each shell: `yes`, or `no` as soon as it isn't.
  func inEachShell(_ holds: (Trial, Shell) throws -> Bool) throws -> String {
    for shell in Shell.available where try !holds(self, shell) { return "no" }
    return "yes"
  }

  /// The same, of a command line.
  func inEachPipeline(
    _ line: String, _ holds: (Terminal) throws -> Bool
  ) throws -> String {
    try inEachShell { trial, shell in
      let terminal = try Terminal.shell(shell, of: trial.subject.path)
      try terminal.enter(line)
      return try holds(terminal)
    }
  }

  /// The same, of a script, once it runs `$P ready`.
  func inEachScript(
    _ script: String, _ holds: (Terminal) throws -> Bool
  ) throws -> String {
    try inEachShell { trial, shell in
      let directory = try TemporaryDirectory()
      let file = try directory.file("script", script + "\n")
      let terminal = try Terminal.shell(shell, of: trial.subject.path)
      try terminal.enter("\(shell.program.joined(separator: " ")) \(file)")
      guard terminal.shows("ready\r\n") else { return false }
      return try holds(terminal)
    }
  }

  /// A command that says when it is ready, under an init that leads the session.
  fileprivate func leader(of command: [String]) throws -> Terminal {
    try Terminal(
      [subject.path, "--", probe, "ready"] + command, of: subject.path, at: place,
      environment: Terminal.variables(of: subject.path))
  }
}

extension Terminal {
  /// Whether ^C brings the shell's prompt back, without another round.
  func endsAtInterrupt() throws -> Bool {
    try wait(for: "input by lines") { isByLine }
    try type(Key.interrupt)
    return textIfShown(before: Shell.prompt).map { !$0.contains("round 2") } ?? false
  }
}
