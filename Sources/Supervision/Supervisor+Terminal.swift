// Who has the terminal, and who stops with COMMAND.

extension Supervisor {
  mutating func nextTerminalAction() -> Action? {
    guard let group else { return nil }
    switch terminalTask {
    case .hand?: return .handTerminal(to: group)
    case .stop(let signal)?:
      return .stop(signal, wholeGroup: hasTerminal, takingFrom: group)
    case .reclaim?, nil: return nil
    }
  }

  /// COMMAND stopped. A shell must see swinit stop too; as PID 1 it can't, and once the end has
  /// begun it has a deadline to keep.
  mutating func recordStop(by signal: Signal) {
    guard !isPID1, case .ahead = end else { return }
    switch signal {
    case .terminalInput, .terminalOutput:
      // In the foreground, COMMAND only lacks the terminal: swinit was brought there without CONT.
      terminalTask = .hand(orStop: signal)
    case .terminalStop: terminalTask = .stop(signal)
    case .stop where hasTerminal:
      // The kernel doesn't let a TSTP stop what nobody could continue.
      terminalTask = .stop(.terminalStop)
    default: break
    }
  }

  mutating func recordHandOver(_ isHanded: Bool) {
    hasTerminal = isHanded
    hadTerminal = hadTerminal || isHanded
    guard case .hand(let signal)? = terminalTask else { return }
    terminalTask = nil
    guard let signal else { return }
    if isHanded {
      resume()
    } else {
      terminalTask = .stop(signal)
    }
  }

  /// swinit goes on, and so does COMMAND; at once if swinit couldn't stop, since nobody would ever
  /// continue COMMAND then.
  mutating func recordResumption() {
    terminalTask = .hand(orStop: nil)
    resume()
  }

  /// COMMAND goes on.
  mutating func resume() {
    guard case .running(let process, _) = command else { return }
    let target = options.singleChild ? Target.process(process) : .group(process)
    delivery = Delivery(signal: .continue, target: target, purpose: .resumed)
  }
}
