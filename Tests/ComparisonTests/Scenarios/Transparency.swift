import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let transparency = [
    Scenario(
      title: "COMMAND starts with no more signals blocked or ignored", isOfWhatShips: true,
      promise: "yes",
      differences: [.catatonit: "except TSTP, TTIN, TTOU"]
    ) {
      try $0.keepsSignals(blocked: 0, ignored: 0)
    },
    Scenario(
      title: "COMMAND inherits the signal mask", isOfWhatShips: true, promise: "yes",
      differences: [.tini: "except 32, 33", .dumbInit: "no", .catatonit: "except 32, 33"]
    ) {
      try $0.keepsSignals(blocked: 0xffff_ffff_fffb_feff, ignored: 0)
    },
    Scenario(
      title: "COMMAND inherits ignored signals (`nohup`)", promise: "yes",
      differences: [.dumbInit: "no", .catatonit: "except TSTP, TTIN, TTOU"]
    ) {
      try $0.keepsSignals(blocked: 0, ignored: 0xffff_ffff_fffa_feff)
    },
    Scenario(
      title:
        "COMMAND's environment, descriptors, directory, limits, umask are the same as without an init",
      promise: "yes"
    ) { try $0.keepsOtherState() },
    Scenario(
      title: "`LISTEN_PID` names COMMAND (socket activation)", promise: "yes",
      differences: [.tini: "no", .dumbInit: "no"]
    ) { trial in
      let run = try trial.run(
        "sh", "-c", "echo $LISTEN_PID $$",
        launcher: ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"])
      let words = try run.line().split(separator: " ")
      return words.first == words.last ? "yes" : "no"
    },
    Scenario(
      title: "COMMAND stays in the session", promise: "yes",
      differences: [.dumbInit: "no"]
    ) { trial in
      let run = try trial.sleeping()
      let command = try #require(ProcessTable.Entry(run.command()))
      return try command.session == ProcessTable.Entry(run.supervisor())?.session ? "yes" : "no"
    },
    Scenario(
      title: "closes inherited descriptors except the standard ones", promise: "yes",
      differences: [.tini: "no", .dumbInit: "no"]
    ) {
      let run = try $0.sleeping()
      let supervisor = try run.supervisor()
      return run.comes { readLink("/proc/\(supervisor)/fd/3") != "/etc/passwd" } ? "yes" : "no"
    },
    Scenario(
      title: "keeps no mount busy except `/`", promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { trial in
      let run = try trial.sleeping()
      let link = "/proc/\(try run.supervisor())/cwd"
      return run.comes { readLink(link) == "/" } ? "yes" : "no"
    },
    Scenario(
      title: "wake-ups per second while idle", promise: "0",
      differences: [.tini: "1"]
    ) {
      try await $0.wakeUps()
    },
  ]
}

extension Trial {
  /// The command sleeps; the init was started in another directory and with additional descriptors.
  fileprivate func sleeping() throws -> Run {
    let run = try run(
      probe, "ready", "sleep", "1000",
      launcher: ["env", "-C", "/usr", "sh", "-c", "exec 3</etc/passwd; exec \"$@\"", "sh"])
    try run.expect(line: "ready")
    return run
  }

  /// Whether the command has the blocked and ignored signals that the init was started with.
  fileprivate func keepsSignals(blocked: UInt64, ignored: UInt64) throws -> String {
    let run = try run(
      "sed", "-n", "s/^Sig[BI].*\t//p", "/proc/self/status",
      launcher: [probe, "with-signals", String(blocked, radix: 16), String(ignored, radix: 16)])
    let masks = try [run.line(), run.line()].map { try #require(UInt64($0, radix: 16)) }
    switch (masks[0] ^ blocked, masks[1] ^ ignored) {
    case (0, 0): return "yes"
    case (0x38_0000, 0): return "except TSTP, TTIN, TTOU"
    case (0x1_8000_0000, 0): return "except 32, 33"
    default: return "no"
    }
  }

  fileprivate func keepsOtherState() throws -> String {
    let launchers: [([String], [String])] = [
      (["env", "-C", "/usr/bin"], ["pwd"]),
      ([probe, "with-odd-environment"], ["/bin/cat", "/proc/self/environ"]),
      (
        ["sh", "-c", "exec 3</etc/passwd 7</dev/null 9</etc; exec \"$@\"", "sh"],
        [probe, "descriptors"]
      ),
      (
        ["sh", "-c", "ulimit -n 99; ulimit -c 0; exec \"$@\"", "sh"], ["cat", "/proc/self/limits"]
      ),
      (["sh", "-c", "umask 031; exec \"$@\"", "sh"], ["grep", "Umask", "/proc/self/status"]),
      (["nice", "-n", "5"], ["nice"]),
    ]
    return try launchers.allSatisfy { try changesNothing($0, $1) } ? "yes" : "no"
  }

  /// Whether the command prints the same as without an init.
  private func changesNothing(_ launcher: [String], _ command: [String]) throws -> Bool {
    let without = try Run(place.wrapper + launcher + command).outcome()
    try #require(without.ending == .exited(0))
    let with = try Run(place.wrapper + launcher + [subject.path, "--"] + command).outcome()
    return with.output == without.output && with.ending == without.ending
  }

  /// The number of wake-ups per second, a whole number because they are periodic.
  fileprivate func wakeUps() async throws -> String {
    let run = try sleeping()
    let supervisor = try run.supervisor()
    var (counts, start) = ([] as [Int], Date())
    repeat {
      if counts.count == 1 { start = Date() }
      let count = try #require(status(of: supervisor, "voluntary_ctxt_switches"))
      counts.append(try #require(Int(count)))
      // The observation needs time to pass.
      try await Task.sleep(for: .milliseconds(500))
    } while counts.count < 7
    let count = Double(counts[6] - counts[1])
    return "\(Int((count / Date().timeIntervalSince(start)).rounded()))"
  }
}
