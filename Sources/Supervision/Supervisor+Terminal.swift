// Who has the terminal, and who stops with COMMAND.

extension Supervisor {
  mutating func nextTerminalAction() -> Action? {
    guard let command else { return nil }
    switch terminalTask {
    case .hand?, .handOrStop?: return .handTerminal(to: command)
    case .stop?:
      terminalTask = nil
      return .stop(stopSignal, wholeGroup: hasTerminal, takingFrom: command)
    case .reclaim?, nil: return nil
    }
  }

  mutating func nextReclaim() -> Action? {
    guard terminalTask == .reclaim, let command else { return nil }
    terminalTask = nil
    return .reclaimTerminal(from: command)
  }

  /// COMMAND stopped. A shell must see swinit stop too; as PID 1 it can't, and once the end has
  /// begun it has a deadline to keep.
  mutating func recordStop(by signal: Signal) {
    guard !isPID1, end == .ahead else { return }
    stopSignal = signal
    switch signal {
    // In the foreground, COMMAND only lacks the terminal: swinit was brought there without CONT.
    case .terminalInput, .terminalOutput: terminalTask = .handOrStop
    case .terminalStop: terminalTask = .stop
    case .stop where hasTerminal:
      // The kernel doesn't let a TSTP stop what nobody could continue.
      stopSignal = .terminalStop
      terminalTask = .stop
    default: break
    }
  }

  mutating func recordHandOver(_ isHanded: Bool) {
    let task = terminalTask
    terminalTask = nil
    hasTerminal = isHanded
    hadTerminal = hadTerminal || isHanded
    guard task == .handOrStop else { return }
    if isHanded {
      resume()
    } else {
      terminalTask = .stop
    }
  }

  /// swinit goes on, and so does COMMAND; at once if swinit couldn't stop, since nobody would ever
  /// continue COMMAND then.
  mutating func recordResumption() {
    terminalTask = .hand
    resume()
  }
}
