import Supervision

// Who has the terminal, and who stops with COMMAND.

extension Referee {
  mutating func noteStop(by signal: Signal) {
    if mayBeStopped { return }
    // As PID 1 it can't stop; once the end has begun it has a deadline to keep.
    guard !isPID1, phase == .ahead else { return }
    if signal == .terminalInput || signal == .terminalOutput {
      duties = [.hand(orStop: signal)]
    } else if signal == .terminalStop || hasTerminal {
      duties = [.stop(.terminalStop)]
    }
  }

  mutating func noteHandOver(_ isHanded: Bool) {
    hasTerminal = isHanded
    hadTerminal = hadTerminal || isHanded
    guard case .hand(let signal)? = duties.first, let command else { return }
    duties.removeFirst()
    guard let signal else { return }
    if isHanded {
      duties.append(.send(.continue, to: targetOfForwards(command), .resuming))
    } else {
      duties.append(.stop(signal))
    }
  }

  mutating func noteResumption() {
    guard let command else { return }
    duties = [
      .hand(orStop: nil), .send(.continue, to: targetOfForwards(command), .resuming),
    ]
  }

  func checkHandOver(to group: ProcessID) throws(Violation) {
    guard case .hand? = duties.first, group == command else {
      throw Violation(.stopsWithCommand, "it hands the terminal over instead of \(duties)")
    }
  }

  func checkStop(
    _ signal: Signal, _ wholeGroup: Bool, _ group: ProcessID
  ) throws(Violation) {
    guard duties.first == .stop(signal), group == command, wholeGroup == hasTerminal else {
      throw Violation(.stopsWithCommand, "it stops by \(signal) instead of \(duties)")
    }
  }
}
