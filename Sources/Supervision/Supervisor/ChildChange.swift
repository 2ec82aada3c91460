/// A child that exited, and is reaped now, or that stopped or continued.
public struct ChildChange: Sendable {
  /// The child.
  public var process: ProcessID
  /// Its wait status.
  public var status: WaitStatus
  /// Its name; empty unless it was asked for, or if it couldn't be read.
  public var name: ProcessName
  /// What it used, if that was asked for.
  public var usage: Summary.Usage

  /// A child that changed.
  public init(
    _ process: ProcessID, _ status: WaitStatus, name: ProcessName = ProcessName(),
    usage: Summary.Usage = Summary.Usage()
  ) {
    self.process = process
    self.status = status
    self.name = name
    self.usage = usage
  }
}
