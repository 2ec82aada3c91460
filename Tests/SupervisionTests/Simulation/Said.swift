import Supervision

/// What a report says, comparable.
enum Said: Equatable {
  case started(ProcessID)
  case forwarded(ReceivedSignal, as: Signal, to: Target)
  case dropped(ReceivedSignal)
  case cannotSend(Signal, to: Target)
  case ended(ProcessID, WaitStatus)
  case cleared(Signal, Target)
  case toldRemainder
  case gracePeriodIsOver
  case cannotFindDescendants
  case reapedOrphan(ProcessID, WaitStatus)
  case reaped(ProcessID, WaitStatus)
  case cannotSupervise(SystemError)
  case other

  init(_ report: Report) {
    switch report {
    case .started(let process): self = .started(process)
    case .forwarded(let received, let signal, let target):
      self = .forwarded(received, as: signal, to: target)
    case .dropped(let received): self = .dropped(received)
    case .cannotSend(let signal, let target, _): self = .cannotSend(signal, to: target)
    case .ended(let process, let status): self = .ended(process, status)
    case .cleared(let signal, let target): self = .cleared(signal, target)
    case .toldRemainder: self = .toldRemainder
    case .gracePeriodIsOver: self = .gracePeriodIsOver
    case .cannotFindDescendants: self = .cannotFindDescendants
    case .reapedOrphan(let process, let name, let status):
      // The model's processes are named for their numbers.
      let isNamed = line { $0.append(name) } == "p\(process.rawValue)"
      self = isNamed ? .reapedOrphan(process, status) : .other
    case .reaped(let process, let status): self = .reaped(process, status)
    case .cannotSupervise(let error): self = .cannotSupervise(error)
    default: self = .other
    }
  }
}
