import Foundation
import Pages
import TestSupport
import Testing

/// How many of the workers that the kernel kills, and that the command reaps at once, swinit names. How many
/// that are depends on the machine; that no other process is named doesn't.
@Suite(
  "Naming of workers that the command reaps", .serialized,
  .needs(EmulatedMachine.needs + Language.needs))
struct NamingTests {
  private static let limits = [64, 112, 160, 208, 256]
  private static let workersPerLimit = 20

  /// A number of workers, one after the other, that run into the limit.
  private struct Round {
    let language: Language
    let milliseconds: Int
    let limit: Int
    /// How much memory a process has that exits at the same time as a worker.
    var bystander: Int?

    var name: String {
      "\(language.rawValue) \(milliseconds) \(limit)" + (bystander.map { " \($0)" } ?? "")
    }
  }

  /// On one kernel, workers in all languages; on the others, those in C.
  private static let cases = EmulatedMachine.Release.chosen.flatMap { release in
    (release == .bookworm ? Language.allCases : [.c]).map { (release, $0) }
  }

  @Test(
    "Of 100 workers that the kernel kills, all are reported, and no process is named that was not killed",
    arguments: cases)
  fileprivate func share(on release: EmulatedMachine.Release, in language: Language) throws {
    let rounds = [0, 200].flatMap { milliseconds in
      Self.limits.map { Round(language: language, milliseconds: milliseconds, limit: $0) }
    }
    let stories = try stories(of: rounds, on: release)
    for milliseconds in [0, 200] {
      let named = stories.filter { $0.round.milliseconds == milliseconds }
        .map(\.story.named.count).reduce(0, +)
      print(
        "kernel \(release.kernel), \(language.rawValue), after \(milliseconds) ms:",
        "\(named) of \(Self.limits.count * Self.workersPerLimit) named")
    }
  }

  /// The bystander is as large as a process may be that the kernel kills, and exits when the worker does.
  @Test(
    "A large process that exits at the same time as a killed worker is not reported as killed",
    arguments: EmulatedMachine.Release.chosen)
  func largeBystander(on release: EmulatedMachine.Release) throws {
    let rounds = [0, 20].flatMap { milliseconds in
      [24, 30, 36, 44].map {
        Round(language: .c, milliseconds: milliseconds, limit: 64, bystander: $0)
      }
    }
    let stories = try stories(of: rounds, on: release)
    let named = stories.map(\.story.named.count).reduce(0, +)
    let kills = stories.map(\.story.killed.count).reduce(0, +)
    print("kernel \(release.kernel), beside large ones: \(named) of \(kills) named")
  }

  /// Runs the rounds in one machine, and checks each.
  private func stories(
    of rounds: [Round], on release: EmulatedMachine.Release
  ) throws -> [(round: Round, story: OutOfMemoryStory)] {
    let directory = try TemporaryDirectory()
    try compile(to: directory("workers"))
    let result = try EmulatedMachine.run(script(rounds, directory), on: release, in: directory)
    #expect(result.status == 0)
    let transcript = Transcript(result.output)
    return try rounds.map { round in
      let lines = try transcript.section(round.name)
      #expect(lines.contains("done"), "\(lines)")
      let story = OutOfMemoryStory(lines)
      // A large bystander may be killed too.
      story.expectTruth(
        kills: round.bystander == nil ? Self.workersPerLimit : nil, "\(round.name): \(lines)")
      return (round, story)
    }
  }

  /// Each round has a container of its own, with swinit as its PID 1.
  private func script(_ rounds: [Round], _ directory: TemporaryDirectory) -> String {
    let calls = rounds.map { round in
      """
      round '\(round.name)' \(round.limit) \(round.language.command(in: directory)) \
        \(Self.workersPerLimit) \(round.milliseconds) \(round.bystander.map(String.init) ?? "")
      """
    }
    return """
      cd /sys/fs/cgroup
      # round NAME MIB COMMAND...
      round() {
        echo "== $1"
        mkdir round
        echo $2M >round/memory.max
        shift 2
        # Only workers and bystanders, which set their own score, can be killed.
        sh -c 'echo 0 >round/cgroup.procs; echo -1000 >/proc/self/oom_score_adj; exec "$@"' sh \
          unshare -fp --mount-proc --kill-child \(Swinit.path) sh -c '
            # Until swinit watches the cgroup.
            until [ -e /proc/1/fd/5 ]; do sleep 0.01; done
            exec "$@"' sh "$@"
        grep '^oom_kill ' round/memory.events
        until rmdir round; do sleep 0.1; done 2>/dev/null
      }
      \(calls.joined(separator: "\n"))
      echo '== end'
      """
  }

  /// Compiles the workers in C with the compiler that comes with Swift.
  private func compile(to program: String) throws {
    let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
    let outcome = try Run(
      ["clang", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program, source("c")],
      environment: environment
    ).outcome()
    try #require(outcome.ending == .exited(0), "\(outcome.errors)")
  }
}

/// A language that workers and their parent are written in.
private enum Language: String, CaseIterable {
  case c = "C"
  case python = "Python"
  case ruby = "Ruby"

  static let needs: [Need] = [
    .program("python3"), .program("ruby"), .program("unshare", package: "util-linux"),
  ]

  /// The command that begins with this program.
  func command(in directory: TemporaryDirectory) -> String {
    switch self {
    case .c: directory("workers")
    case .python: "python3 \(source("py"))"
    case .ruby: "ruby \(source("rb"))"
    }
  }
}

private func source(_ suffix: String) -> String {
  packageDirectory.appending(path: "Tests/KernelTests/Workers/workers.\(suffix)").path
}
