import Foundation
import TestSupport
import Testing

/// What to run under swinit, and in what kind of container.
struct Spec: Sendable {
  var command: [String]
  /// Further variables, as `NAME=value`: swinit's options too can be given so in every engine.
  var variables: [String] = []
  var stopSignal: StopSignal = .term
  var hasTerminal = false
  /// Read-only, an ordinary user, no capabilities, no new privileges, the default seccomp profile,
  /// and at most `Spec.processLimit` processes where the engine can count them.
  var isHardened = false
  var isShortOfMemory = false
  /// What comes before whatever the engine runs.
  var launcher: [String] = []

  /// A runtime's own threads count too while it puts a further program in.
  static let processLimit = 32

  /// What one has who is short of memory, in bytes: an engine's own programs may share it.
  static let memoryLimit = 192 << 20

  /// What is executed where no engine puts swinit in front.
  var initCommand: [String] { ["/swinit", "--"] + command }

  var environment: [String] { ["SWTEST=\(Workspace.token)", "PATH=/bin"] + variables }
}

enum StopSignal: String, Sendable, CaseIterable, CustomTestStringConvertible {
  case term = "TERM"
  case realTime = "RTMIN+3"

  /// As the C libraries and so the engines count it.
  var number: Int32 { self == .term ? SIGTERM : 37 }
  var testDescription: String { rawValue }
}

/// What a test can do in an engine beside running a container to its end.
enum Feature: Sendable, CaseIterable {
  /// A further program beside PID 1.
  case exec
  /// A stop with a signal of one's choice.
  case stopSignal
  case terminal
  case hardening
  /// Part of the hardening: a seccomp profile of the engine's own.
  case seccomp
  /// Part of the hardening, where the engine can count processes.
  case processLimit
  /// A limit of memory: the engine's own, or that of a cgroup that the engine is run in.
  case memoryLimit
  /// That limit is the engine's own.
  case ownMemoryLimit
  /// A view of the cgroup that has the limit from inside of the container.
  case cgroupView
}

/// Something that runs containers, in one of its ways to have swinit as PID 1.
protocol Engine: Sendable, CustomTestStringConvertible {
  var name: String { get }
  /// What a user does to have swinit as PID 1 there, in Markdown.
  var usage: String { get }
  var needs: [Need] { get }
  var features: Set<Feature> { get }

  /// Begins a container.
  func start(_ spec: Spec) throws -> any Container
}

extension Engine {
  var testDescription: String { name }

  /// Begins a container for the time of `body`.
  func with(_ spec: Spec, _ body: (any Container) throws -> Void) throws {
    try require(Need.always + needs, for: name)
    guard spec.isShortOfMemory, !features.contains(.ownMemoryLimit) else {
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
  /// All that was written on both of its outputs so far.
  func output() throws -> String
  /// Runs a further program beside PID 1.
  func exec(_ command: [String]) throws -> Outcome
  /// Asks the engine to stop it, with `Patience.gracePeriod`.
  func stop() throws
  /// What a user types.
  func type(_ text: String) throws
  /// Waits for its end, and gives the status that the engine tells.
  func wait() throws -> Int32
  /// PID 1, as this machine numbers it.
  func hostPID() throws -> Int32
  /// Ends and forgets it.
  func remove()
}

extension Container {
  /// Waits until `text` was written.
  func waitFor(_ text: String, within limit: Duration = Patience.change) throws {
    do {
      try eventually("'\(text)' is written", within: limit) { try output().contains(text) }
    } catch {
      throw Failure("\(error), but this: \(try output())")
    }
  }
}

/// How long something is waited for; less where it is known not to happen. What the limits are for is
/// to end a test that fails: they are far longer than a slow machine takes.
enum Patience {
  /// What engines give a container to end by itself, in seconds.
  static let gracePeriod = StandIn.isUsed ? 1 : 10
  /// Until a container has ended.
  static let end = Duration.seconds(StandIn.isUsed ? 4 : 120)
  /// Until something has come about, when nothing is in its way.
  static let change = Duration.seconds(StandIn.isUsed ? 2 : 60)
  /// Until a program of this machine has done its work.
  static let work = Duration.seconds(120)
}
