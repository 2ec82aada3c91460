import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let ends = [
    Scenario(title: "reaps orphans as PID 1", places: [.processOne], promise: "yes") {
      try $0.adopts()
    },
    Scenario(
      title: "reaps orphans when it isn't PID 1", places: [.plain],
      options: [.tini: ["-s"], .tiniStatic: ["-s"]], promise: "yes",
      differences: [.tini: "with `-s`", .dumbInit: "no"]
    ) { try $0.adopts() },
    Scenario(
      title: "says nothing when it isn't PID 1", places: [.plain],
      options: [.tini: ["-s"], .tiniStatic: ["-s"]], promise: "yes",
      differences: [.tini: "with `-s`"]
    ) { try $0.run("true").outcome().errors == "" ? "yes" : "warns" },
    Scenario(
      title: "reaps a zombie that was there before it", promise: "yes",
      differences: [.dumbInit: "no", .catatonit: "no"]
    ) {
      try $0.reapsInherited()
    },
    Scenario(
      title: "ends what is left of COMMAND's group", places: [.plain], promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { try $0.endsRemainder() },
    Scenario(
      title: "kills a COMMAND that doesn't end", options: [.swinit: ["-k", "700ms"]],
      promise: "with `-k`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.killsCOMMAND() },
    Scenario(
      title: "tells what COMMAND leaves to end, and waits for it",
      options: [.swinit: ["-k", "1h"]], promise: "with `-k`",
      differences: [
        .tini: Expectation(processOne: "killed at once", plain: "left running"),
        .dumbInit: Expectation(processOne: "killed at once", plain: "left running"),
        .catatonit: Expectation(processOne: "killed at once", plain: "left running"),
      ]
    ) { try $0.waitsForTheRest() },
    Scenario(
      title: "kills what COMMAND leaves and doesn't end, daemons too", places: [.plain],
      options: [.swinit: ["-k", "2s"]], promise: "with `-k`",
      differences: [.tini: "left running", .dumbInit: "left running", .catatonit: "left running"]
    ) { try $0.killsTheRest() },
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
    let run = try run(probe, "ready", "sleep", "1000", birth: [probe, "with-zombie"])
    try run.expect(line: "ready")
    let supervisor = try run.supervisor()
    return run.comes { ProcessTable().children(of: supervisor).map(\.name) == ["sleep"] }
      ? "yes" : "no"
  }

  fileprivate func endsRemainder() throws -> String {
    let run = try run(probe, "abandon", "5")
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    for member in ProcessTable().children(of: run.nest) { kill(member.id, 64) }
    return try run.line() == "0 \(SIGTERM)" ? "yes" : "no"
  }

  fileprivate func killsCOMMAND() throws -> String {
    let run = try #require(try members(1))
    try run.signal(SIGTERM)
    try run.expect(line: "0 \(SIGTERM)")
    return run.comes { run.hasEnded } ? "yes" : "no"
  }

  /// The command leaves a descendant in a session of its own that exits slowly.
  fileprivate func waitsForTheRest() throws -> String {
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

  fileprivate func killsTheRest() throws -> String {
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
