import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let shutdown = [
    Scenario(title: "reaps orphans as PID 1", places: [.processOne], promise: "yes") {
      try $0.adopts()
    },
    Scenario(
      title: "reaps orphans when it isn't PID 1", places: [.plain],
      options: [.tini: ["-s"], .tiniStatic: ["-s"]], promise: "yes",
      differences: [.tini: "with `-s`", .dumbInit: "no"]
    ) { try $0.adopts() },
    Scenario(
      title: "logs no warning when it isn't PID 1", places: [.plain],
      options: [.tini: ["-s"], .tiniStatic: ["-s"]], promise: "yes",
      differences: [.tini: "with `-s`"]
    ) { try $0.run("true").outcome().errors == "" ? "yes" : "warns" },
    Scenario(
      title: "reaps a zombie that it inherited", promise: "yes",
      differences: [.dumbInit: "no", .catatonit: "no"]
    ) {
      try $0.reapsInherited()
    },
    Scenario(
      title: "terminates the remaining members of COMMAND's process group", places: [.plain],
      promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.terminatesRemainingMembers() },
    Scenario(
      title: "terminates a worker that COMMAND starts when it receives TERM", places: [.plain],
      promise: "yes", differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.terminatesWorkerOfTrap() },
    Scenario(
      title: "holds TERM back while load balancers stop sending work",
      options: [.swinit: ["--stop-delay", "1h"]], promise: "with `--stop-delay`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.delaysStopSignal() },
    Scenario(
      title: "waits for the daemon of a COMMAND that daemonizes", options: [.swinit: ["--wait"]],
      promise: "with `--wait`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.waitsForDaemon() },
    Scenario(
      title: "kills a COMMAND that doesn't exit", options: [.swinit: ["-k", "700ms"]],
      promise: "with `-k`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.killsCommand() },
    Scenario(
      title: "names the processes that it kills", options: [.swinit: ["-k", "0"]],
      promise: "with `-k`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.namesKilled() },
    Scenario(
      title: "signals the remaining descendants and waits for them",
      options: [.swinit: ["-k", "1h"]], promise: "with `-k`",
      differences: [
        .tini: Expectation(processOne: "killed at once", plain: "left running"),
        .dumbInit: Expectation(processOne: "killed at once", plain: "left running"),
        .catatonit: Expectation(processOne: "killed at once", plain: "left running"),
      ]
    ) { try $0.waitsForDescendants() },
    Scenario(
      title: "kills remaining descendants that don't exit, daemons included", places: [.plain],
      options: [.swinit: ["-k", "2s"]], promise: "with `-k`",
      differences: [.tini: "left running", .dumbInit: "left running", .catatonit: "left running"]
    ) { try $0.killsDescendants() },
    Scenario(
      title: "runs without COMMAND, as a pod's pause process", options: .all("-P"),
      promise: "with `-P`",
      differences: [.tini: "no", .dumbInit: "no"]
    ) { try $0.pauses() },
  ]
}

extension Trial {
  fileprivate func adopts() throws -> String {
    let output = try run(probe, "orphan", "setsid").outcome().output
    return output == "adopted by the parent\nreaped\n" ? "yes" : "no"
  }

  fileprivate func reapsInherited() throws -> String {
    let run = try run(probe, "ready", "sleep", "1000", launcher: [probe, "with-zombie"])
    try run.expect(line: "ready")
    let supervisor = try run.supervisor()
    return run.comes { ProcessTable().children(of: supervisor).map(\.name) == ["sleep"] }
      ? "yes" : "no"
  }

  fileprivate func terminatesRemainingMembers() throws -> String {
    let run = try run(probe, "abandon", "5")
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    for member in ProcessTable().children(of: run.nest) { kill(member.id, 64) }
    return try run.line() == "0 \(SIGTERM)" ? "yes" : "no"
  }

  fileprivate func terminatesWorkerOfTrap() throws -> String {
    let script = "trap 'exec \"$0\" abandon 5' TERM; echo ready; while :; do sleep 0.05; done"
    let run = try run("sh", "-c", script, probe)
    try run.expect(line: "ready")
    try run.signal(SIGTERM)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    for member in ProcessTable().children(of: run.nest) { kill(member.id, 64) }
    return try run.line() == "0 \(SIGTERM)" ? "yes" : "no"
  }

  fileprivate func delaysStopSignal() throws -> String {
    let run = try #require(try members(1))
    try run.signal(SIGTERM)
    return run.comes { run.takeLine() != nil } ? "no" : "yes"
  }

  fileprivate func waitsForDaemon() throws -> String {
    let run = try run("sh", "-c", "setsid \"$0\" members 1 & exit 5", probe)
    return run.comes { run.hasEnded } ? "no" : "yes"
  }

  fileprivate func namesKilled() throws -> String {
    let run = try #require(try members(1))
    try run.signal(SIGTERM)
    guard run.comes({ run.hasEnded }) else { return "no" }
    return try run.outcome().errors.contains("killed 1 process: Probe (") ? "yes" : "no"
  }

  fileprivate func killsCommand() throws -> String {
    let run = try #require(try members(1))
    try run.signal(SIGTERM)
    try run.expect(line: "0 \(SIGTERM)")
    return run.comes { run.hasEnded } ? "yes" : "no"
  }

  /// The command leaves a descendant in a session of its own that exits slowly.
  fileprivate func waitsForDescendants() throws -> String {
    let run = try run(probe, "leave-behind", "100")
    try run.expect(line: "rest ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    let isLeft = !ProcessTable().descendants(of: run.nest).isEmpty
    let outcome = try run.outcome()
    #expect(ending == .exited(7))
    if outcome.output.contains("rest \(SIGTERM)\nrest gone") { return "yes" }
    return isLeft ? "left running" : "killed at once"
  }

  fileprivate func killsDescendants() throws -> String {
    let run = try run(probe, "tree")
    try run.expect(line: "COMMAND ready")
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
    return ProcessTable().descendants(of: run.nest).isEmpty ? "yes" : "left running"
  }

  /// A pausing init exits with 0 on SIGINT and SIGTERM.
  fileprivate func pauses() throws -> String {
    for signal in [SIGINT, SIGTERM] {
      let run = try Run(of: subject.path, options, at: place)
      guard !run.comes({ run.hasEnded }) else { return "no" }
      try run.signal(signal)
      guard try run.ending() == .exited(0) else { return "no" }
    }
    return "yes"
  }
}
