import Foundation
import TestSupport
import Testing

/// swinit on kernels of Debian 11, 12 and 13, with cgroup v2 alone and two processors, on which an
/// out-of-memory victim may die while swinit looks. One machine runs at a time: QEMU emulates it.
@Suite("Kernels", .serialized, .needs(EmulatedMachine.needs)) struct KernelTests {
  typealias Release = EmulatedMachine.Release

  /// Integration tests that cover what a kernel may do differently, and what swinit does differently where
  /// it watches its cgroup, by what they are about.
  private static let integration = [
    "statuses": ["ExitStatus"],
    "forwarding": ["Forwarding", "RealTimeSignal"],
    "orphans": ["Orphan"],
    "shutdown": ["KillAfter", "RemainingDescendant", "StopDelay", "Wait", "DeadlineWarning"],
    "terminal": ["SessionLeader"],
    "system calls": ["DescriptorClosing", "DiagnosticsCost", "SystemCall"],
    "its own process": ["Idle", "OwnProcessState"],
    "messages": ["ExitReport", "StandardError", "Verbosity"],
  ]

  /// Before 5.19, the kernel doesn't say how much memory a cgroup has used at most.
  private static let sinceBookworm = ["OutOfMemory"]

  /// Those that run swinit hundreds of times, or wait for a server in Python: an emulated processor is slow.
  private static let skipped =
    "ofCommand|mappedFromAny|mappedToAny|ofSignal|invalidDurations|validDurations|httpServer"

  /// Under CI a test in the machine fails if a need of its is not met.
  @Test(
    "The integration tests about what kernels do differently pass on each kernel",
    arguments: Release.chosen)
  func integrationTests(on release: Release) throws {
    let directory = try TemporaryDirectory()
    let tests = readLink("/proc/self/exe") ?? ""
    let newer = release == .bullseye ? [] : Self.sinceBookworm
    let suites = (Self.integration.values.flatMap(\.self) + newer).sorted()
    // On 5.10, a swinit that watches its cgroup has 88 kB in memory, and so not the promised 84 at most.
    let skipped = Self.skipped + (release == .bullseye ? "|memoryUse" : "")
    let script = """
      cd /
      # In the root of the hierarchy there are no counts that swinit could watch.
      mkdir /sys/fs/cgroup/tests
      echo $$ >/sys/fs/cgroup/tests/cgroup.procs
      export CI=true WAIT_LIMIT=900 SWINIT=\(Swinit.path)
      \(tests) --testing-library swift-testing \
        --filter 'IntegrationTests\\.(\(suites.joined(separator: "|")))Tests' \
        --skip '/(\(skipped))'
      """
    let result = try EmulatedMachine.run(script, on: release, in: directory)
    let lines = result.output.split(separator: "\n")
    for line in lines where line.contains("recorded an issue") || line.hasPrefix("✘ Test run") {
      Issue.record("\(line)")
    }
    let end = try #require(lines.last { $0.contains("Test run with") }, "\(result.output)")
    print("kernel \(release.kernel): \(end)")
    #expect(result.status == 0)
    // A display name is not the name of a suite, but there is one for each.
    #expect(lines.count { $0.hasPrefix("✔ Suite ") } == suites.count, "\(end)")
  }

  // MARK: - swinit as PID 1 of the kernel

  @Test(
    "As a kernel's own PID 1, swinit forwards signals, reaps 5,000 orphans and exits with the status",
    arguments: Release.chosen)
  func processOne(on release: Release) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("plain", "text\n", mode: 0o644)
    let script = """
      trap 'received=yes' USR1
      kill -USR1 1
      # It would also end another process of the group.
      until [ -n "$received" ]; do :; done
      echo received USR1
      \(probe) orphans 5000
      echo "orphans $?"
      \(Swinit.path) missing 2>/dev/null || echo "missing $?"
      \(Swinit.path) \(path) 2>/dev/null || echo "not executable $?"
      \(Swinit.path) --ps | sed -n 2p
      setsid sh -c 'trap "" TERM; echo >\(directory("ready")); exec sleep 1000' &
      until [ -e \(directory("ready")) ]; do sleep 0.1; done
      exit 7
      """
    let result = try EmulatedMachine.run(
      script, on: release, options: ["-k", "2s", "--termination-log=\(directory("log"))"],
      in: directory)
    #expect(result.status == 7)
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 6, "\(result.output)")
    #expect(
      lines[..<5] == [
        "received USR1", "reaped", "orphans 7", "missing 127", "not executable 126",
      ])
    #expect(lines[5].contains(/^ +1 +0 S +1\s/), "\(lines[5])")
    // The firmware leaves control characters before them.
    let messages = result.console.split(whereSeparator: \.isNewline)
      .compactMap { $0.firstMatch(of: /swinit: .*/).map { String($0.output) } }
    try #require(messages.count == 1, "\(result.console)")
    let message = /swinit: grace period \(2s\) expired: killed 1 process: sleep \(\d+\)/
    #expect(messages[0].wholeMatch(of: message) != nil, "\(messages)")
    #expect(contents(of: directory("log"))?.contains("exited with status 7") == true)
  }

  // MARK: - The watch on the cgroup

  @Test(
    "The watch on the cgroup reports each kill, no other process, and a process limit of its own",
    arguments: Release.chosen)
  func watch(on release: Release) throws {
    let directory = try TemporaryDirectory()
    let script = """
      \(WatchScript.text(in: directory.path))
      echo '== counts'
      echo own $(cat above/own/pids.events)
      echo above $(cat above/pids.events)
      """
    let result = try EmulatedMachine.run(script, on: release, in: directory)
    let transcript = Transcript(result.output)
    for section in WatchScript.workerSections {
      try WatchScript.expectWorkers(section, in: transcript)
    }
    for section in WatchScript.limitSections {
      try WatchScript.expectProcessLimit(section, in: transcript)
    }
    try WatchScript.expectSilence(in: transcript)
    try WatchScript.expectDescriptors(in: transcript)
    // Kernel 5.10 doesn't count kills of whole groups.
    if release != .bullseye { try WatchScript.expectGroupKill(in: transcript) }
    // The limit above was reached. Below 6.11 the file counts this group's refused forks, whoever's limit it
    // was; from 6.11 on, hits of limits in this group and below.
    #expect(
      try transcript.section("counts")
        == (release == .trixie ? ["own max 0", "above max 20"] : ["own max 20", "above max 0"]))
  }
}
