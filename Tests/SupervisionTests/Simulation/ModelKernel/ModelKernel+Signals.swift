import Supervision

// Signals to processes, from swinit and from others.

extension ModelKernel {
  /// swinit sends a signal. kill(2)
  mutating func send(_ signal: Signal, to target: Target) -> SystemError? {
    let targets = processes.filter { $0.isAmong(target) }
    if targets.isEmpty { return .noSuchProcess }
    let allowed = targets.filter { !$0.isProtected }
    for process in allowed {
      if !process.isDescendant { hasMetStranger = true }
      if let index = index(of: process.id) { processes[index].forwarded[signal.rawValue] = tick }
      deliver(signal, to: process.id)
    }
    return allowed.isEmpty ? .notPermitted : nil
  }

  /// A signal comes to a process, which does at once what the signal makes it do.
  mutating func deliver(_ signal: Signal, to id: ProcessID) {
    guard let index = index(of: id), processes[index].isAlive else { return }
    if processes[index].state == .undying {
      // swinit finds it dying long before it ends.
      if signal == .kill { cgroup.hasOtherKills = true }
      processes[index].pending.add(ReceivedSignal(signal, from: .kernel))
    } else if signal == .continue {
      resume(index)
    } else if signal.isStop {
      stop(index, by: signal)
    } else if processes[index].state == .stopped && signal != .kill {
      processes[index].pending.add(ReceivedSignal(signal, from: .kernel))
    } else if let status = signal.end(of: processes[index].manners) {
      end(id, status)
    }
  }

  private mutating func stop(_ index: Int, by signal: Signal) {
    guard processes[index].state == .running else { return }
    if signal != .stop && processes[index].manners == .ignoresAll { return }
    processes[index].state = .stopped
    processes[index].hasStoppedItself = false
    processes[index].stops += 1
    processes[index].unreportedChange = .stopped(by: signal)
    tellParent(of: processes[index])
  }

  /// A process stops itself, as a shell that is suspended.
  mutating func stopItself(_ id: ProcessID) {
    deliver(.stop, to: id)
    if let index = index(of: id) { processes[index].hasStoppedItself = true }
  }

  private mutating func resume(_ index: Int) {
    guard processes[index].state == .stopped else { return }
    processes[index].unreportedChange = .continued
    tellParent(of: processes[index])
    runOn(index)
  }

  /// The process runs, and takes what was held back from it.
  private mutating func runOn(_ index: Int) {
    let id = processes[index].id
    processes[index].state = .running
    var held = processes[index].pending
    processes[index].pending = PendingSignals()
    // No other signal ends a process that SIGKILL was sent to.
    if held.contains(.kill) { return end(id, .killed(by: .kill)) }
    while let next = held.take() { deliver(next.signal, to: id) }
    guard let index = self.index(of: id), processes[index].state == .running,
      processes[index].lacksTerminal
    else { return }
    processes[index].lacksTerminal = false
    readTerminal(id)
  }

  /// The kernel doesn't let a process die: it waits for a disk, or for a file server.
  mutating func hold(_ id: ProcessID) {
    guard let index = index(of: id), processes[index].state == .running else { return }
    processes[index].state = .undying
  }

  /// The disk is back.
  mutating func release(_ id: ProcessID) {
    guard let index = index(of: id), processes[index].state == .undying else { return }
    runOn(index)
  }
}

// MARK: - Signals to descendants

extension ModelKernel {
  /// How many processes swinit finds before it kills them.
  var killedCount: Int {
    if isBlind { return 0 }
    return processes.count {
      $0.isAlive && !$0.isProtected && (isPID1 || $0.isDescendant)
    }
  }

  /// The first process after this one that swinit couldn't end.
  func survivor(after last: ProcessID) -> ProcessID? {
    if isBlind { return nil }
    return processes.filter {
      $0.isAlive && (isPID1 || $0.isDescendant) && $0.id.rawValue > last.rawValue
    }.map(\.id).min { $0.rawValue < $1.rawValue }
  }

  /// swinit goes through its descendants; false if it can't tell them from others.
  mutating func signalDescendants(_ request: DescendantSignal, using chance: inout some Chance)
    -> Bool
  {
    if isPID1, case .kill = request {
      // kill(-1, SIGKILL), which is one step.
      for process in processes where !process.isProtected { deliver(.kill, to: process.id) }
      return true
    }
    if case .forward(let signal, let group) = request {
      return forward(signal, toRemainderOf: group)
    }
    if isBlind {
      signalBlindly(request)
      return false
    }
    let descendants = processes.filter { $0.isDescendant && $0.isAlive && !$0.isProtected }
    if case .kill = request, forksBehind > 0, let parent = chance.element(of: descendants),
      parent.state == .running, parent.parent == swinit, chance.below(2) == 0
    {
      // It forks behind swinit's back: the child has the number of one that was just killed, and is
      // taken for it. The death of its parent will tell.
      forksBehind -= 1
      fork(parent.id, using: &chance)
      milestones.insert(.forkedWhileKilled)
    }
    for process in descendants {
      switch request {
      case .terminate(let signal, let group, let tick):
        let hadIt = process.group == group && (tick.map { process.start < $0 } ?? false)
        noteRequest(signal, to: process, hadIt: hadIt)
        if !hadIt { deliver(signal, to: process.id) }
        deliver(.continue, to: process.id)
      case .forward: break
      case .kill: deliver(.kill, to: process.id)
      }
    }
    return true
  }

  /// A stop signal comes once more, after the command's exit: all are sent it anew.
  mutating func forgetForwarded() {
    for index in processes.indices { processes[index].forwarded = [:] }
  }

  /// Compares what swinit takes for granted with what a process truly had: two signals in the tick in
  /// which it started are fine, and who changes groups isn't followed.
  private mutating func noteRequest(_ signal: Signal, to process: ModelProcess, hadIt: Bool) {
    if process.hasMoved { return }
    let tick = process.forwarded[signal.rawValue]
    if let tick, !hadIt, process.start < tick { hasSignalledTwice = true }
    if hadIt && tick == nil { hasMissedProcess = true }
  }

  /// swinit signals those of its descendants that are in a group whose leader it reaped; false if it
  /// finds none.
  private mutating func forward(_ signal: Signal, toRemainderOf group: ProcessID) -> Bool {
    if self[group] != nil { return false }
    if hasChild(in: group) { return send(signal, to: .group(group)) == nil }
    if isBlind { return false }
    let members = processes.filter {
      $0.group == group && $0.isDescendant && $0.isAlive && !$0.isProtected
    }
    for process in members { deliver(signal, to: process.id) }
    return !members.isEmpty
  }

  /// Whether a child of swinit, zombies included, is in a group: then its ID is not reused.
  private func hasChild(in group: ProcessID) -> Bool {
    processes.contains { $0.parent == swinit && $0.group == group }
  }

  /// Without /proc it signals all processes as PID 1, or else the command's group if that exists.
  private mutating func signalBlindly(_ request: DescendantSignal) {
    switch request {
    case .terminate(let signal, let group, let tick):
      guard isPID1 || group.map({ hasChild(in: $0) }) ?? false else { return }
      let targets = processes.filter { isPID1 ? !$0.isProtected : $0.group == group }
      for process in targets {
        if isPID1 || tick == nil { deliver(signal, to: process.id) }
        deliver(.continue, to: process.id)
      }
    case .forward: break
    case .kill(let group, _):
      if let group, hasChild(in: group) { _ = send(.kill, to: .group(group)) }
    }
  }
}
