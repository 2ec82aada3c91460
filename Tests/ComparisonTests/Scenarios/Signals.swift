import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let signals = [
    Scenario(
      title: "forwards real-time signals, and all others except those of a crash",
      promise: "yes"
    ) { try $0.forwards(Signals.forwarded.filter { !faults.contains($0) && !libcs.contains($0) }) },
    Scenario(
      title: "forwards ABRT, BUS, FPE, ILL, SEGV, SYS, TRAP", promise: "yes",
      differences: [
        .tini: Expectation(processOne: "no", plain: "killed by them"),
        .catatonit: Expectation(processOne: "no", plain: "killed by them"),
      ]
    ) {
      try $0.forwards(faults)
    },
    Scenario(
      title: "forwards 32 to 34, which the C libraries use themselves", promise: "yes",
      differences: [.tini: "not 32, 33", .dumbInit: "not 32, 33", .catatonit: "not 32, 33"]
    ) {
      try $0.forwards(libcs)
    },
    Scenario(title: "forwards each of several queued real-time signals", promise: "yes") {
      try $0.forwardsQueued()
    },
    Scenario(title: "does not forward CHLD", promise: "yes") {
      try $0.forwards([SIGCHLD]) == "no" ? "yes" : "no"
    },
    Scenario(
      title: "stops COMMAND on TSTP, resumes it on CONT", promise: "yes",
      differences: [.catatonit: "no"]
    ) {
      try $0.stopsAndResumes(SIGTSTP)
    },
    Scenario(
      title: "stops COMMAND on TTIN and TTOU", promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { trial in
      let findings = Set(try [SIGTTIN, SIGTTOU].map { try trial.stopsAndResumes($0) })
      return findings.sorted().joined(separator: ", ")
    },
    Scenario(
      title: "signals COMMAND's process group",
      options: [.tini: ["-g"], .tiniStatic: ["-g"], .catatonit: ["-g"]], promise: "yes",
      differences: [.tini: "with `-g`", .catatonit: "with `-g`"]
    ) { try $0.receivers() == ["0", "1", "2"] ? "yes" : "no" },
    Scenario(
      title: "signals COMMAND alone", options: .all("-c"), promise: "with `-c`",
      differences: [.tini: "yes", .catatonit: "yes"]
    ) { try $0.receivers() == ["0"] ? "yes" : "no" },
    Scenario(
      title: "rewrites a signal, given by its number", options: .all("-r", "15:3"),
      promise: "with `-r`",
      differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.forwards(SIGTERM, as: SIGQUIT) },
    Scenario(
      title: "rewrites a signal, given by its name", options: .all("-r", "TERM:QUIT"),
      promise: "with `-r`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.forwards(SIGTERM, as: SIGQUIT) },
    Scenario(
      title: "drops a signal", options: .all("-r", "1:0"), promise: "with `-r`",
      differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.forwards(SIGHUP, as: nil) },
    Scenario(
      title: "forwards a TERM that arrives before COMMAND's process group exists",
      needs: [.program("strace")], promise: "yes",
      differences: [.tini: "lost with `-g`", .dumbInit: "lost", .catatonit: "lost with `-g`"]
    ) { try $0.forwardsEarlySignal() },
    Scenario(
      title: "terminates a stopped COMMAND", promise: "yes",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.terminatesStoppedCommand() },
    Scenario(
      title: "keeps running without permission to signal COMMAND", places: [.plain], needs: [.root],
      promise: "yes",
      differences: [.tini: "exits"]
    ) { try $0.survivesLackOfPermission() },
    Scenario(
      title: "receives a signal when its parent dies", places: [.plain],
      options: .all("-p", "SIGTERM"),
      promise: "with `-p`",
      differences: [.dumbInit: "no", .catatonit: "no"]
    ) { try $0.receivesParentDeathSignal() },
  ]

  private static let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP]
  private static let libcs = [32, 33, 34] as [Int32]
}

extension Trial {
  /// The highest signal: pending signals are taken in the order of their numbers.
  private var last: Int32 { 64 }

  fileprivate func forwards(_ signals: [Int32]) throws -> String {
    var run: Run?
    var (lost, deadly) = ([] as [Int32], [] as [Int32])
    for signal in signals {
      let current = try #require(try run ?? members(1))
      run = current
      let supervisor = try current.supervisor()
      kill(supervisor, signal)
      kill(supervisor, last)
      switch try current.lineUnlessEnded() {
      case "0 \(signal)": try #require(try current.line() == "0 \(last)")
      case "0 \(last)": lost.append(signal)
      case nil:
        deadly.append(signal)
        run = nil
      case let line?: Issue.record("\(line)")
      }
    }
    if deadly == signals { return "killed by them" }
    if lost == signals { return "no" }
    let others = lost + deadly
    return others.isEmpty ? "yes" : "not \(others.map(String.init).joined(separator: ", "))"
  }

  fileprivate func forwardsQueued() throws -> String {
    let run = try #require(try members(1))
    let supervisor = try run.supervisor()
    for _ in 1...20 { kill(supervisor, 40) }
    kill(supervisor, last)
    var count = 0
    while try run.line() == "0 40" { count += 1 }
    return count == 20 ? "yes" : "\(count) of 20"
  }

  /// As a plain process the init is a shell's job, which the shell continues.
  fileprivate func stopsAndResumes(_ signal: Int32) throws -> String {
    let run = try run(
      "sh", "-c", "echo ready; exec sleep 1000",
      launcher: place == .plain ? [probe, "in-a-job"] : [])
    try run.expect(line: "ready")
    let command = try run.command()
    try run.signal(signal)
    guard run.comes({ state(of: command) == "T" }) else { return "no" }
    try run.signal(SIGCONT)
    return run.comes { state(of: command) != "T" } ? "yes" : "stays stopped"
  }

  /// Which of three members of the group receive SIGTERM.
  fileprivate func receivers() throws -> [String] {
    guard let run = try members(3) else { return [] }
    try run.signal(SIGTERM)
    return try reactions(of: 3, run).filter { $0.hasSuffix(" \(SIGTERM)") }
      .map { String($0.prefix(1)) }
  }

  /// The output of a group's members after the init has signalled the command.
  func reactions(of count: Int, _ run: Run) throws -> [String] {
    var lines: [String] = []
    while lines.last?.hasPrefix("0 ") != true { lines.append(try run.line()) }
    // The command has received it, and so has every other member that will: a further signal shows
    // it.
    for member in try ProcessTable().descendants(of: run.supervisor()) { kill(member.id, last) }
    while lines.count(where: { $0.hasSuffix(" \(last)") }) < count { lines.append(try run.line()) }
    return lines.filter { !$0.hasSuffix(" \(last)") }.sorted()
  }

  fileprivate func forwards(_ signal: Int32, as other: Int32?) throws -> String {
    guard let run = try members(1) else { return "no" }
    try run.signal(signal)
    try run.signal(last)
    var lines: [String] = []
    repeat { lines.append(try run.line()) } while lines.last != "0 \(last)"
    return lines.dropLast() == (other.map { ["0 \($0)"] } ?? []) ? "yes" : "no"
  }

  /// The creation of the group takes long, as on a busy machine; that is long
  /// enough if the group isn't there when the init has acted on the signal, or waits for the group.
  fileprivate func forwardsEarlySignal() throws -> String {
    let slow = ["-f", "-o", "/dev/null", "-e", "inject=setsid,setpgid:delay_enter=1000000"]
    let command = [subject.path] + subject.groupOptions + ["--", "sleep", "1000"]
    for _ in 1...5 {
      let run = try Run(["strace"] + slow + place.wrapper + command, of: subject.path)
      let supervisor = try run.supervisor()
      let child = try run.wait(for: "COMMAND's process") {
        ProcessTable().children(of: supervisor).first?.id
      }
      try check(kill(supervisor, SIGTERM))
      try run.wait(until: "the signal is taken, or has to wait") {
        let pending = status(of: supervisor, "ShdPnd").flatMap { UInt64($0, radix: 16) } ?? 0
        return pending >> UInt64(SIGTERM - 1) & 1 == 0 || state(of: supervisor) == "D"
      }
      guard ProcessTable.Entry(child)?.group != child else { continue }
      if run.comes({ run.hasEnded }) { return "yes" }
      return "lost" + subject.groupOptions.map { " with `\($0)`" }.joined()
    }
    throw CallFailed(number: ETIMEDOUT)
  }

  fileprivate func terminatesStoppedCommand() throws -> String {
    let run = try run("sh", "-c", "echo ready; exec sleep 1000")
    try run.expect(line: "ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "the command is stopped") { state(of: command) == "T" }
    try run.signal(SIGTERM)
    return run.comes { run.hasEnded } ? "yes" : "no"
  }

  /// The command belongs to another user, through a program that makes it root.
  fileprivate func survivesLackOfPermission() throws -> String {
    let directory = try TemporaryDirectory()
    let program = try directory.copy(of: subject.path, "init")
    let probe = try directory.copy(of: probe, "probe")
    let climb = try directory.copy(of: try #require(Need.find("setpriv")), "climb")
    try FileManager.default.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: climb)
    let script =
      "trap 'exec \(climb) --reuid=0 \(probe) members 1' USR1; echo ready; "
      + "while :; do sleep 0.01; done"
    let run = try Run(
      ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", program, "--"]
        + ["sh", "-c", script], of: program)
    try run.expect(line: "ready")
    try run.signal(SIGUSR1)
    try run.expect(line: "0 ready")
    let command = try run.command()
    try run.signal(SIGTERM)
    return run.comes { run.hasEnded || state(of: command) == nil } ? "exits" : "yes"
  }

  fileprivate func receivesParentDeathSignal() throws -> String {
    guard let run = try members(1, launcher: ["sh", "-c", "\"$@\"; exit 9", "sh"]) else {
      return "no"
    }
    let supervisor = try run.supervisor()
    try check(kill(#require(ProcessTable.Entry(supervisor)).parent, SIGKILL))
    try run.wait(until: "it is an orphan") { ProcessTable.Entry(supervisor)?.parent == run.nest }
    try run.signal(last)
    return try run.line() == "0 \(SIGTERM)" ? "yes" : "no"
  }
}
