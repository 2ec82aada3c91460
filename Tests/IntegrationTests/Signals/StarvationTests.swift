import Foundation
import Glibc
import TestSupport
import Testing

/// swinit keeps receiving signals whatever keeps it busy.
@Suite("Resistance to starvation", .mostlyWaits) struct StarvationTests {
  /// What makes swinit shut down while it scans.
  enum Cause: String, CaseIterable, CustomTestStringConvertible {
    case signal = "SIGTERM"
    case exit = "the exit of the command"

    var testDescription: String { rawValue }
  }

  /// Among 1,500 processes, a scan takes longer than 1 ms, and on a busy machine longer than 20 ms.
  @Test(
    "swinit receives signals while scans for zombies take longer than their period",
    .needs([.root, .program("python3")]), .serialized, arguments: ["1ms", "20ms"],
    Place.allCases.flatMap { place in Cause.allCases.map { (place, $0) } })
  func scansLeaveTimeForSignals(period: String, _ variation: (Place, Cause)) throws {
    let (place, cause) = variation
    let directory = try TemporaryDirectory()
    let script = """
      \(crowdScript(1500))
      print("ready", flush=True)
      if sys.argv[1] == "signal": signal.pause()
      """
    let command = ["python3", try directory.file("script", script), "\(cause)"]
    // The kernel kills all of them with their PID namespace.
    let above =
      Place.processOne.wrapper + (place == .plain ? ["sh", "-c", "\"$@\"; exit $?", "sh"] : [])
    let run = try Run(above + [Swinit.path, "--zombie-check", period] + command)
    #expect(try run.line() == "ready")
    if cause == .signal { try run.signal(SIGTERM) }
    #expect(try run.ending() == .exited(cause == .signal ? 143 : 0))
  }

  /// More than are taken before signals with higher numbers have their turn.
  @Test(
    "Queued real-time signals are forwarded in the order of their numbers, however many there are",
    .needs(.program("strace")), arguments: Place.available)
  func realTimeSignalsKeepTheirOrder(place: Place) throws {
    let directory = try TemporaryDirectory()
    let run = try Run(
      ["strace", "-f", "-o", directory("calls"), "-e", "trace=kill,clone"] + place.wrapper
        + [
          Swinit.path, "sh", "-c",
          "trap '' 40; trap 'exit 7' 64; echo ready; while :; do sleep 0.1; done",
        ])
    #expect(try run.line() == "ready")
    let swinit = try run.swinit()
    try check(kill(swinit, SIGSTOP))
    for _ in 0..<2_000 { try check(kill(swinit, 40)) }
    try check(kill(swinit, 64))
    try check(kill(swinit, SIGCONT))
    #expect(try run.ending() == .exited(7))
    let sent = try Strace(directory("calls")).calls.filter { $0.name == "kill" }
    let isForwarding = { (call: Strace.Call, number: Int) in
      call.rest.contains(", SIGRT_\(number - 32))")
    }
    let last = try #require(sent.firstIndex { isForwarding($0, 64) })
    #expect(sent[..<last].count { isForwarding($0, 40) } == 2_000)
  }

  @Test("Endless files in place of those in /proc do not hold up swinit", .needs(.root))
  func endlessFiles() throws {
    let mount = """
      mount -t tmpfs tmpfs /proc && ln -s 1 /proc/self && mkdir /proc/1
      for file in cgroup mountinfo stat comm; do ln -s /dev/zero /proc/1/$file; done
      exec "$@"
      """
    let run = try Run(
      Place.processOne.wrapper + ["sh", "-c", mount, "sh", Swinit.path]
        + ["-k", "4s", "--zombie-check", "20ms", "sh", "-c", "echo ready; exec sleep 1000"])
    #expect(try run.line() == "ready")
    try run.signal(SIGTERM)
    #expect(try run.ending() == .exited(143))
  }
}
