import Supervision

/// The terminal that swinit was called on, with the shell that called it there, unless swinit is
/// PID 1. One group is its foreground.
struct ModelTerminal: Hashable {
  static let shell = ProcessID(rawValue: 2)

  /// swinit's own group.
  let ownGroup: ProcessID
  /// Whether a shell can continue swinit; nobody can when swinit's group is orphaned.
  let hasShell: Bool
  private(set) var foreground: ProcessID

  init(ownGroup: ProcessID, hasShell: Bool, isForeground: Bool) {
    self.ownGroup = ownGroup
    self.hasShell = hasShell
    foreground = isForeground ? ownGroup : ModelTerminal.shell
  }

  /// swinit, or COMMAND before it is that, gives the terminal away if it is swinit's to give.
  /// Returns whether the group has it. tcsetpgrp(3)
  @discardableResult
  mutating func hand(to group: ProcessID) -> Bool {
    if foreground == ownGroup { foreground = group }
    return foreground == group
  }

  /// swinit takes the terminal back if the group has it, or nobody.
  mutating func reclaim(from group: ProcessID, foregroundIsAlive: Bool) {
    if foreground == group || !foregroundIsAlive { foreground = ownGroup }
  }

  /// The shell sees swinit stop, and takes the terminal.
  mutating func takeByShell() {
    if foreground == ownGroup { foreground = ModelTerminal.shell }
  }

  /// `fg`.
  mutating func giveToSwinit() { foreground = ownGroup }
}

extension ModelKernel {
  /// swinit makes COMMAND's group the foreground, if it is there itself.
  mutating func handTerminal(to group: ProcessID) -> Bool {
    // A group without members can't be.
    guard processes.contains(where: { $0.group == group }) else { return false }
    return terminal?.hand(to: group) ?? false
  }

  /// swinit makes its own group the foreground, if COMMAND's or none is.
  mutating func reclaimTerminal(from group: ProcessID) {
    guard let foreground = terminal?.foreground else { return }
    let isAlive =
      foreground == terminal?.ownGroup || foreground == ModelTerminal.shell
      || processes.contains { $0.group == foreground }
    terminal?.reclaim(from: group, foregroundIsAlive: isAlive)
  }

  /// Somebody presses a key that sends a signal to the foreground.
  mutating func press(_ signal: Signal) {
    guard let foreground = terminal?.foreground else { return }
    if foreground == terminal?.ownGroup { raise(ReceivedSignal(signal, from: .kernel)) }
    for process in processes where process.group == foreground { deliver(signal, to: process.id) }
  }

  /// A process reads from the terminal; its group is stopped if it is in the background.
  mutating func readTerminal(_ id: ProcessID) {
    guard let process = self[id], let terminal, terminal.foreground != process.group,
      process.session == swinit
    else { return }
    for member in processes where member.group == process.group {
      deliver(.terminalInput, to: member.id)
    }
  }

  /// The shell continues swinit, in the foreground or not.
  mutating func continueByShell(inForeground: Bool) {
    guard terminal?.hasShell == true else { return }
    if inForeground { terminal?.giveToSwinit() }
    raise(ReceivedSignal(.continue, from: .process(ModelTerminal.shell)))
  }
}
