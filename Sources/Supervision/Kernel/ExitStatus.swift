/// The status that a process leaves with, 0 to 255.
public struct ExitStatus: RawRepresentable, Hashable, Sendable {
  /// The number.
  public let rawValue: UInt8
  /// A status from its number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The status that a shell reports of a command that a signal has killed.
  public static func death(by signal: Signal) -> ExitStatus {
    ExitStatus(rawValue: UInt8(truncatingIfNeeded: 128 &+ signal.rawValue))
  }

  /// COMMAND did what it should.
  public static let success = ExitStatus(rawValue: 0)
  /// swinit itself is at fault: its usage, or a system call that it needs.
  public static let failure = ExitStatus(rawValue: 125)
  /// COMMAND was found, but can't be executed.
  public static let cannotExecute = ExitStatus(rawValue: 126)
  /// COMMAND, or its interpreter, wasn't found.
  public static let notFound = ExitStatus(rawValue: 127)
}
