import Foundation
import Glibc
import TestSupport
import Testing

/// The terminal's keys and its other events, and programs that depend on them, also without an init.
extension Scenario {
  static let interactiveJobs = [
    job(
      "two `INIT COMMAND` of one pipeline read one line each", [.tini: "no", .catatonit: "no"]
    ) {
      try $0.inEachPipeline(
        "$S -- sh -c 'x=$(head -n 1); echo \"got=$x\" >&2' </dev/tty | "
          + "$S -- sh -c 'y=$(head -n 1); echo \"got=$y\"' </dev/tty"
      ) { terminal in
        for line in ["one", "two"] {
          // The shell has the terminal again if a COMMAND's read has failed.
          guard terminal.run.comes({ terminal.isByLine }) else { return false }
          try terminal.enter(input: line)
          guard terminal.shows("got=\(line)\r\n") else { return false }
        }
        return true
      }
    },
    job(
      "a user's `INIT COMMAND` that exits after `bg` leaves the terminal to root", needs: [.root],
      [.tini: "no", .catatonit: "no"]
    ) {
      try $0.leavesTerminalToRoot() ? "yes" : "no"
    },
    job("a supervisor's TSTP to COMMAND, without a terminal, does not stop INIT") {
      try $0.outlastsForeignStop() ? "yes" : "no"
    },
    job(
      "^C ends a script that calls `INIT INIT COMMAND`",
      [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) {
      try $0.inEachScript(
        "for i in 1 2; do $S -- $S -- $P ready sleep 1000; done; echo round 2"
      ) { try $0.endsAtInterrupt() }
    },
    job("a COMMAND that handles ^C exits with its own status") {
      try $0.inEachPipeline(
        "$S -- sh -c 'trap \"echo caught; exit 3\" INT; echo ready; while :; do sleep 1; done'"
      ) { terminal in
        guard terminal.shows("ready\r\n") else { return false }
        try terminal.wait(for: "input by lines") { terminal.isByLine }
        try terminal.type(Key.interrupt)
        guard terminal.shows("caught\r\n"), terminal.shows(Shell.prompt) else { return false }
        try terminal.enter("echo status=$?")
        return terminal.shows("status=3\r\n")
      }
    },
    job("^Z, `jobs`, `bg` and `fg` control COMMAND", [.tini: "no", .catatonit: "no"]) {
      try $0.inEachPipeline("$S -- $P ready sleep 1000") { try $0.controlsJob() }
    },
    job("COMMAND receives HUP when the terminal is closed") {
      try $0.inEachShell { try $0.hangsUp(under: $1) }
    },
    job("COMMAND under a shell receives WINCH when the window changes") {
      try $0.inEachPipeline("$S -- $P members 1") {
        guard $0.shows("0 ready\r\n") else { return false }
        try $0.resize(rows: 30, columns: 100)
        return $0.shows("0 \(SIGWINCH)\r\n")
      }
    },
    // Several run at once, and would ask about each other's swap files.
    program("`vi`", "vi -n -u NONE /etc/passwd", "root:", ":q!\r", package: "vim-tiny"),
    program("`less`", "less /etc/passwd", "root:", "q", package: "less"),
    program("`top`", "busybox top", "CPU", "q", package: "busybox-static"),
    program("Python's prompt", "python3", ">>> ", Key.endOfFile, package: "python3"),
    job("a password prompt as COMMAND reads, and does not echo") {
      try $0.inEachPipeline("$S -- sh -c 'stty -echo; read x; stty echo; echo \"got=$x\"'") {
        terminal in
        guard terminal.run.comes(within: 5, { terminal.isByLine && !terminal.echoes }) else {
          return false
        }
        try terminal.type("secret\r")
        return terminal.shows("got=secret\r\n")
      }
    },
  ]

  /// A program that reads single keys.
  private static func program(
    _ name: String, _ command: String, _ text: String, _ end: String, package: String
  ) -> Scenario {
    let file = String(command.prefix { $0 != " " })
    return job("\(name) as COMMAND takes keys", needs: [.program(file, package: package)]) {
      try $0.inEachPipeline("$S -- \(command)") { terminal in
        guard terminal.shows(text), terminal.run.comes(within: 5, { !terminal.isByLine }) else {
          return false
        }
        try terminal.type(end)
        return terminal.shows(Shell.prompt)
      }
    }
  }
}

extension Trial {
  fileprivate func leavesTerminalToRoot() throws -> Bool {
    let directory = try TemporaryDirectory()
    let name = String(subject.path.split(separator: "/").last ?? "init")
    let program = try directory.copy(of: subject.path, name)
    let ready = try directory.copy(of: probe, "probe")
    let terminal = try Terminal.shell(.bash, of: program)
    try terminal.enter(
      "setpriv --reuid=54321 --regid=54321 --clear-groups $S -- \(ready) ready sleep 1000")
    guard terminal.shows("ready\r\n") else { return false }
    try terminal.type(Key.suspend)
    guard terminal.shows("Stopped"), terminal.shows(Shell.prompt) else { return false }
    let foreground = terminal.foreground
    try terminal.enter("bg")
    guard terminal.shows(Shell.prompt), let command = terminal.run.process("sleep") else {
      return false
    }
    try check(kill(command, SIGTERM))
    guard terminal.run.comes({ terminal.run.process("sleep") == nil }) else { return false }
    try terminal.type("echo st''ill\r")
    return terminal.shows("still\r\n") && terminal.foreground == foreground
  }

  /// The supervisor need not be informed of the stop: a group that is orphaned without an init is not
  /// stopped at all.
  fileprivate func outlastsForeignStop() throws -> Bool {
    let run = try run("sleep", "1000")
    var sleep: pid_t?
    guard
      run.comes({
        sleep = run.process("sleep"); return sleep != nil
      }), let command = sleep
    else { return false }
    try check(kill(command, SIGTSTP))
    _ = run.comes(within: 5) { state(of: command) == "T" }
    try check(kill(command, SIGCONT))
    try check(kill(subject == .none ? command : run.supervisor(), SIGTERM))
    return run.comes(within: 10) { run.hasEnded }
  }

  fileprivate func hangsUp(under shell: Shell) throws -> Bool {
    let directory = try TemporaryDirectory()
    let file = directory("signal")
    let run: Run
    do {
      let terminal = try Terminal.shell(shell, of: subject.path)
      try terminal.enter(
        "$S -- sh -c 'trap \"echo HUP >\(file); exit\" HUP; echo ready; "
          + "while :; do read -r line || sleep 1; done'")
      guard terminal.shows("ready\r\n") else { return false }
      run = terminal.run
    }
    return run.comes { (try? String(contentsOfFile: file, encoding: .utf8)) == "HUP\n" }
  }
}

extension Terminal {
  fileprivate func controlsJob() throws -> Bool {
    guard shows("ready\r\n") else { return false }
    let isOfJob = foreground
    try type(Key.suspend)
    guard shows(shell.stopped), shows(Shell.prompt) else { return false }
    let ofShell = foreground
    guard isOfJob != ofShell else { return false }
    try enter("bg")
    guard shows(Shell.prompt) else { return false }
    try enter("jobs")
    guard let jobs = textIfShown(before: Shell.prompt), jobs.contains(shell.running) else {
      return false
    }
    try enter("fg")
    guard run.comes(within: 5, { foreground != ofShell }) else { return false }
    try type(Key.interrupt)
    return shows(Shell.prompt)
  }
}

extension Run {
  /// The first process with this name.
  fileprivate func process(_ name: String) -> pid_t? {
    ProcessTable().descendants(of: nest).first { $0.name == name }?.id
  }
}
