// What is done when a child ended, stopped or continued.

extension Supervisor {
  mutating func recordStart(of process: ProcessID, _ hasTerminal: Bool) {
    command = .running(process, isStopped: false)
    self.hasTerminal = hasTerminal
    hadTerminal = hasTerminal
    say(.started(process), from: 1)
  }

  mutating func record(_ process: ProcessID, _ status: WaitStatus, _ name: ProcessName) {
    guard case .running(process, _) = command else {
      guard status.exitStatus != nil else { return }
      if options.warnsOfReaped {
        report = .reapedOrphan(process, name, status)
      } else {
        say(.reaped(process, status), from: 2)
      }
      return
    }
    switch status.change {
    case .stopped(let signal):
      command = .running(process, isStopped: true)
      if resumesIfStopped { resume() } else { recordStop(by: signal) }
    case .continued: command = .running(process, isStopped: false)
    case .exited, .killed: recordEnd(of: process, status)
    }
  }

  private mutating func recordEnd(of process: ProcessID, _ status: WaitStatus) {
    let exitStatus = options.exitStatuses[status.exitStatus ?? .failure]
    command = .ended(process, exitStatus)
    if self.exitStatus != nil { self.exitStatus = exitStatus }
    if options.verbosity >= 1 { unsaidEnd = status }
    if hadTerminal { terminalTask = .reclaim }
    if options.killAfter != nil {
      beginEnd()
    } else if !options.singleChild, let signal = options.rewrites[.terminate] {
      delivery = Delivery(signal: signal, target: .group(process), purpose: .cleared)
    }
  }

  mutating func recordSweep(_ hasChildren: Bool) {
    sweepIsDue = false
    resumesIfStopped = false
    self.hasChildren = hasChildren
    switch (command, end) {
    case (.running, _) where !hasChildren:
      exitStatus = .failure
      report = .lostCommand
    case (_, .killing):
      // One that was just forked may have outlived its parent.
      errand = .kill(group: group)
    case (.ended, _) where hasChildren && !allWereTold && options.killAfter != nil:
      allWereTold = true
      errand = .terminate(group: group, groupWasTold: groupWasTold)
    default: break
    }
  }
}
