import Foundation
import Glibc
import TestSupport
import Testing

/// Too little of each resource. The tests run one after the other, because each takes what the next
/// needs.
@Suite("Scarce resources", .serialized, .needs(shippedSwinit)) struct PressureTests {
  /// With half a megabyte more than the command takes without swinit everything works; a part
  /// of that is what each processor has reserved beforehand.
  @Test(
    "The kernel kills the command or its worker but not swinit when memory is scarce, and swinit reports it",
    .needs([.root, ControlGroup.need]), arguments: Place.available)
  func memory(at place: Place) throws {
    let preferred = ["sh", "-c", "echo 1000 >/proc/self/oom_score_adj; exec \"$@\"", "sh"]
    let command = preferred + [probe, "feast", "\(8 << 20)"]
    let need = try (1...3).map { _ in try peak(of: command) }.max() ?? 0
    var kills = 0
    for more in stride(from: -1536, through: 512, by: 256) {
      try ControlGroup.withGroup(limit: need + more << 10) { group in
        let wrapper = place.wrapper + group.wrapper
        var outcome = try run(wrapper, with: command)
        // While a victim dies, the kernel may choose any other process as well, even swinit.
        for _ in 1...4 where wasSwinitKilled(outcome) {
          let count = try #require(group.outOfMemoryKills)
          #expect(count > 1, "swinit was the only victim")
          outcome = try run(wrapper, with: command)
        }
        let isKilled = outcome.ending == .exited(128 + SIGKILL) && more < 512
        kills += isKilled ? 1 : 0
        #expect(outcome.ending == .exited(7) || isKilled, "\(more) kB: \(outcome)")
        let message = /out of memory: the kernel killed process \d+ \(Probe\)/
        #expect(!isKilled || outcome.errors.contains(message), "\(more) kB: \(outcome)")
      }
    }
    #expect(kills > 0)
  }

  /// unshare can't pass SIGKILL on, and fails.
  private func wasSwinitKilled(_ outcome: Outcome) -> Bool {
    outcome.ending == .killed(by: SIGKILL)
      || outcome.errors.hasSuffix("unshare: sigprocmask unblock failed: Invalid argument\n")
  }

  /// Runs the command under swinit there, and forwards signals to it.
  private func run(_ wrapper: [String], with command: [String]) throws -> Outcome {
    let run = try Run(
      wrapper + [Swinit.path, "-vv", "-k", "5s", "--zombie-check=1s"] + command)
    if let line = try run.lineUnlessEnded() {
      #expect(line == "ready")
      try run.signal(SIGUSR1)
      try run.expect(line: "\(SIGUSR1)")
      try run.signal(SIGTERM)
    }
    return try run.outcome()
  }

  /// The peak memory of a command by itself.
  private func peak(of command: [String]) throws -> Int {
    var peak: Int?
    try ControlGroup.withGroup(limit: 1 << 30) { group in
      let run = try Run(group.wrapper + command)
      try run.expect(line: "ready")
      let process = try #require(ProcessTable().children(of: run.nest).first)
      try check(kill(process.id, SIGUSR1))
      try run.expect(line: "\(SIGUSR1)")
      try check(kill(process.id, SIGTERM))
      try run.expect(ending: .exited(7))
      let file = ControlGroup.isUnified ? "memory.peak" : "memory.max_usage_in_bytes"
      peak = contents(of: "\(group.directory)/\(file)")
        .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    return try #require(peak)
  }

  @Test(
    "swinit reports a process limit that leaves no room for the command, and works with room for two",
    .needs(ResourceLimit.processesNeed), arguments: Place.available)
  func processes(at place: Place) throws {
    let one = try ResourceLimit.processes(1)
    let outcome = try Run(place.wrapper + one.wrapper + [Swinit.path, "true"]).outcome()
    let message =
      "swinit: cannot create a process for 'true': Resource temporarily unavailable\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: message))

    let two = try ResourceLimit.processes(2)
    let run = try Run(
      place.wrapper + two.wrapper + [Swinit.path, "-v", "-k", "5s", probe, "crowd", "1"])
    try run.expect(line: "ready")
    #expect(two.members.count == 2)
    try run.signal(SIGUSR1)
    try run.expect(line: "all")
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
    #expect(try run.outcome().errors.contains("exited with status 7"))
  }

  @Test(
    "swinit shuts down in time with a hundredth of a processor that the command also uses",
    .needs(ResourceLimit.processorNeed), arguments: Place.available)
  func processorTime(at place: Place) throws {
    let script = "trap '' TERM; while :; do :; done & echo ready; while :; do :; done"
    try expectDuration(of: 1, atMost: 3) { stopwatch in
      let limit = try ResourceLimit.processor(percent: 1)
      let run = try Run(
        place.namespaced + limit.wrapper + [Swinit.path, "-k", "1s", "sh", "-c", script])
      defer { run.keeps.append(limit) }
      try run.expect(line: "ready")
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.expect(ending: .exited(128 + SIGKILL))
      stopwatch.stop()
      #expect(run.strayProcesses() == 0)
    }
  }

  @Test(
    "Changes of the clock by hours do not change the grace period", .needs(UserModeMachine.needs))
  func clock() throws {
    let directory = try TemporaryDirectory()
    let output = try UserModeMachine.output(of: setsClock(directory.path), in: directory)
    let numbers = output.split(separator: "\n").compactMap { Double($0) }
    try #require(numbers.count == 12, "\(output)")
    for (numbers, change) in [(numbers[..<6], 18_000.0), (numbers[6...], -18_000)] {
      let round = Array(numbers)
      #expect(abs(round[1] - round[0] - change) < 600)
      #expect(round[2] == 128 + 9)
      let (duration, reference) = (round[4] - round[3], round[5] - round[3])
      // The kernel's own clock has ticks of 10 ms.
      #expect(duration > 1.98 && duration < 2 * reference, "\(duration) s, sleep \(reference) s")
    }
  }

  /// Prints twice: the time before and after the change, the exit status, and when the grace period
  /// began, when it was over, and when a sleep of the same length was over.
  private func setsClock(_ directory: String) -> String {
    let ready = directory + "/ready"
    let slept = directory + "/slept"
    return """
      for change in '+5 hours' '-5 hours'; do
        rm -f \(ready)
        \(Swinit.path) -k 2s sh -c "trap '' TERM USR1; echo ready; while :; do sleep 1; done" >\(ready) &
        swinit=$!
        until grep -q ready \(ready); do sleep 0.1; done
        date +%s
        read start rest </proc/uptime
        kill -TERM $swinit
        (sleep 2; read end rest </proc/uptime; echo $end >\(slept)) & sleep=$!
        date -s "$(date -d "$change")" >/dev/null
        date +%s
        kill -USR1 $swinit  # it starts another wait
        wait $swinit
        echo $?
        read end rest </proc/uptime
        echo $start
        echo $end
        wait $sleep
        cat \(slept)
      done
      """
  }
}
