import Foundation
import TestSupport
import Testing

/// A command to run under swinit, and the container to run it in.
struct Spec: Sendable {
  var command: [String]
  /// Further variables, as `NAME=value`. Every engine can pass swinit's options this way.
  var variables: [String] = []
  var stopSignal: StopSignal = .term
  var hasTerminal = false
  /// Read-only root, an ordinary user, no capabilities, no new privileges, the default seccomp
  /// profile, and at most `Spec.processLimit` processes where the engine can limit them.
  var isHardened = false
  var isShortOfMemory = false
  /// The command that executes the engine's own command.
  var launcher: [String] = []

  /// A runtime's own threads also count while it executes a program in the container.
  static let processLimit = 32

  /// The memory limit in bytes; an engine's own programs may share it.
  static let memoryLimit = 192 << 20

  /// The command for an engine that does not start swinit itself.
  var initCommand: [String] { ["/swinit", "--"] + command }

  var environment: [String] { ["SWTEST=\(Workspace.token)", "PATH=/bin"] + variables }
}

enum StopSignal: String, Sendable, CaseIterable, CustomTestStringConvertible {
  case term = "TERM"
  case realTime = "RTMIN+3"

  /// The number in the C libraries and engines, which reserve the first real-time signals.
  var number: Int32 { self == .term ? SIGTERM : 37 }
  var testDescription: String { rawValue }
}

/// What an engine can do besides running a container until it exits.
enum Feature: Sendable, CaseIterable {
  /// Execute another program in the container.
  case exec
  /// Stop the container with a chosen signal.
  case stopSignal
  case terminal
  case hardening
  /// Part of the hardening: the engine's own seccomp profile.
  case seccomp
  /// Part of the hardening: a limit on the number of processes.
  case processLimit
  /// A memory limit: the engine's own, or that of a cgroup in which the engine runs.
  case memoryLimit
  /// The memory limit is the engine's own.
  case ownMemoryLimit
  /// The container can see the cgroup that has the limit.
  case cgroupView
}

/// A container engine with one of its ways to run swinit as PID 1.
protocol Engine: Sendable, CustomTestStringConvertible {
  var name: String { get }
  /// How a user makes swinit PID 1, in Markdown.
  var usage: String { get }
  var needs: [Need] { get }
  /// What it can do where both versions of cgroups are mounted.
  var features: Set<Feature> { get }
  /// What it can do where only version 2 is mounted.
  var unifiedFeatures: Set<Feature> { get }
  /// Whether it can run only there.
  var isForUnified: Bool { get }

  /// Starts a container.
  func start(_ spec: Spec) throws -> any Container
}

extension Engine {
  var testDescription: String { name }
  var unifiedFeatures: Set<Feature> { features }
  var isForUnified: Bool { false }

  /// Whether it can do this on this machine.
  func has(_ feature: Feature) -> Bool {
    (ControlGroup.isUnified ? unifiedFeatures : features).contains(feature)
  }

  /// Starts a container, and removes it when `body` returns.
  func with(_ spec: Spec, _ body: (any Container) throws -> Void) throws {
    try require(Need.always + needs, for: name)
    guard spec.isShortOfMemory, !has(.ownMemoryLimit) else {
      return try withStarted(spec, body)
    }
    try ControlGroup.withGroup(limit: Spec.memoryLimit) { group in
      var spec = spec
      spec.launcher = group.wrapper
      try withStarted(spec, body)
    }
  }

  private func withStarted(_ spec: Spec, _ body: (any Container) throws -> Void) throws {
    let container = try start(spec)
    defer { container.remove() }
    try body(container)
  }
}

/// A container that was started.
protocol Container {
  /// The text on standard output and standard error so far.
  func output() throws -> String
  /// Executes another program in the container.
  func exec(_ command: [String]) throws -> Outcome
  /// Tells the engine to stop it, with `Patience.gracePeriod`.
  func stop() throws
  /// Types a text on its terminal.
  func type(_ text: String) throws
  /// Waits until it exits, and gives the status that the engine reports.
  func wait() throws -> Int32
  /// The process ID of PID 1 on this machine.
  func hostPID() throws -> Int32
  /// Kills and removes it.
  func remove()
}

extension Container {
  /// Waits until the output contains `text`.
  func waitFor(_ text: String, within limit: Duration = Patience.change) throws {
    do {
      try eventually("'\(text)' is written", within: limit) { try output().contains(text) }
    } catch {
      throw Failure("\(error), but this: \(try output())")
    }
  }
}

/// Time limits. They stop a test that fails, and are far longer than a slow machine takes; they are
/// shorter with the stand-in, with which the awaited events never happen.
enum Patience {
  /// The grace period of engines, in seconds.
  static let gracePeriod = StandIn.isUsed ? 1 : 10
  /// For a container to exit.
  static let end = Duration.seconds(StandIn.isUsed ? 4 : 120)
  /// For a condition to become true.
  static let change = Duration.seconds(StandIn.isUsed ? 2 : 60)
  /// For a program of this machine to finish.
  static let work = Duration.seconds(120)
}
