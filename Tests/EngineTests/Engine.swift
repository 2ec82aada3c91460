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
  /// In bytes.
  var memoryLimit: Int?

  /// A runtime's own threads count too while it puts a further program in.
  static let processLimit = 32

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
  /// Part of the hardening, where cgroups are to be had.
  case processLimit
  case memoryLimit
}

/// Something that runs containers, in one of its ways to have swinit as PID 1.
protocol Engine: Sendable, CustomTestStringConvertible {
  var name: String { get }
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
  /// Asks the engine to stop it, with `Grace.period`.
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
  func waitFor(_ text: String) throws {
    do {
      try eventually("'\(text)' is written") { try output().contains(text) }
    } catch {
      throw Failure("\(error), but this: \(try output())")
    }
  }
}

enum Grace {
  /// What engines give a container to end by itself, in seconds.
  static let period = 5
}
