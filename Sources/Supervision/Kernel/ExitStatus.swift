/// The status that a process exits with, 0 to 255.
public struct ExitStatus: RawRepresentable, Hashable, Sendable {
  /// The number.
  public let rawValue: UInt8
  /// A status from its number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The status that a shell reports for a command that a signal killed.
  public static func death(by signal: Signal) -> ExitStatus {
    ExitStatus(rawValue: UInt8(truncatingIfNeeded: 128 &+ signal.rawValue))
  }

  /// The command succeeded.
  public static let success = ExitStatus(rawValue: 0)
  /// swinit itself failed: its usage is wrong, or a system call that it needs fails.
  public static let failure = ExitStatus(rawValue: 125)
  /// The command was found, but can't be executed.
  public static let cannotExecute = ExitStatus(rawValue: 126)
  /// The command or its interpreter wasn't found.
  public static let notFound = ExitStatus(rawValue: 127)
}
