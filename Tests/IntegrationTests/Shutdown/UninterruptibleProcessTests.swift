import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Uninterruptible processes", .mostlyWaits, .serialized) struct UninterruptibleProcessTests {
  /// Its tracer, no process of swinit's, does not let it exit: it stops before.
  @Test(
    "A process that survives SIGKILL is named with its state and wait channel",
    arguments: Place.available, [["-k", "2s"], ["-k", "2s", "--log-format=json"]])
  func named(at place: Place, _ options: [String]) throws {
    let script = "trap 'exit 6' TERM; setsid \"$0\" members 1 & wait"
    let run = try Run(of: Swinit.path, options + ["sh", "-c", script, probe], at: place)
    try run.expect(line: "0 ready")
    let process = try #require(
      ProcessTable().descendants(of: run.nest).last { $0.name == "Probe" }?.id)
    let tracer = try Run([probe, "hold-exit", "\(process)"])
    try tracer.expect(line: "held")
    try run.signal(SIGTERM)
    #expect(try run.errorLine().contains("killed 1 process: Probe (") || options.count > 2)
    let line = try run.errorLine()
    let channel = try #require(contents(of: "/proc/\(process)/wchan"))
    let isKnown = channel != "0"
    if options.count > 2 {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["event"] as? String == "survived")
      #expect(object["level"] as? String == "warning")
      #expect(object["name"] as? String == "Probe")
      #expect(object["state"] as? String == "t")
      #expect(object["wait_channel"] as? String == (isKnown ? channel : nil))
    } else {
      #expect(
        line.replacing(/process \d+/, with: "process N")
          == "swinit: process N (Probe) has not exited after SIGKILL: state t"
          + (isKnown ? ", waiting in \(channel)" : ""))
    }
    // PID 1 exits too, but the kernel keeps its remains until all of its namespace has exited.
    if place == .plain { try run.expect(ending: .exited(6)) }
    tracer.keeps.append(run)
  }

  @Test(
    "However many processes survive SIGKILL, swinit looks for them at all processes once",
    .needs(.program("strace")))
  func oneSearch() throws {
    let count = 3
    let directory = try TemporaryDirectory()
    let script = """
      trap 'exit 6' TERM
      for number in $1; do setsid "$0" members 1 & done
      wait
      """
    let numbers = (1...count).map(String.init).joined(separator: " ")
    let run = try Run(
      [
        "strace", "-s", "200", "-o", directory("calls"), Swinit.path, "-k", "2s", "sh", "-c",
        script, probe,
      ]
        + [numbers])
    for _ in 1...count { try run.expect(line: "0 ready") }
    let leaders = ProcessTable().descendants(of: run.nest).filter {
      $0.name == "Probe" && $0.session == $0.id
    }
    try #require(leaders.count == count)
    let tracers = try leaders.map { leader in
      let tracer = try Run([probe, "hold-exit", "\(leader.id)"])
      try tracer.expect(line: "held")
      tracer.keeps.append(run)
      return tracer
    }
    defer { withExtendedLifetime(tracers) {} }
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(6))
    let calls = try #require(contents(of: directory("calls")))
    // The look comes before the first of them is reported.
    let reports = calls.components(separatedBy: " after SIGKILL")
    #expect(reports.count == count + 1)
    #expect(!reports.dropFirst().contains { $0.contains("\"/proc\", ") })
  }

  /// It waits for a file system that does not answer, and is the command or a descendant. PID 1
  /// exits too, but the kernel keeps its remains until that process has exited.
  @Test(
    "A process that cannot die delays swinit's exit by at most 2 s after the deadline",
    .needs(
      .feature("FUSE", isThere: FileManager.default.isWritableFile(atPath: "/dev/fuse"))),
    arguments: Place.available,
    [
      (["-c", "exec \"$0\" ask \"$1\"/file"], 128 + SIGKILL),
      (["-c", "trap 'exit 6' TERM; setsid \"$0\" ask \"$1\"/file & wait"], 6),
    ] as [([String], Int32)])
  func delay(at place: Place, _ example: (arguments: [String], status: Int32)) throws {
    try expectDuration(of: 6, atMost: 1.1) { stopwatch in
      let directory = try TemporaryDirectory()
      let command = ["sh"] + example.arguments + [probe, directory.path]
      let run = try Run(
        [probe, "beside-silent-mount", directory.path] + place.wrapper
          + [Swinit.path, "-k", "4s"] + command)
      try run.expect(line: "asked")
      let swinit = try run.swinit()
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.wait(until: "swinit exits") { readLink("/proc/\(swinit)/exe") == nil }
      stopwatch.stop()
      if place == .plain {
        let ending = try run.ending()
        #expect(ending == .exited(example.status))
      }
    }
  }
}
