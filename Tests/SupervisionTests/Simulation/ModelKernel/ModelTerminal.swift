import Supervision

/// The terminal that controls swinit's session, and the job that swinit is part of there.
struct ModelTerminal: Hashable {
  static let shell = ProcessID(rawValue: 2)
  /// Another swinit in swinit's own group.
  static let neighbour = ProcessID(rawValue: 4)

  /// The job that swinit was started in.
  enum Job: Hashable, CaseIterable {
    /// A shell controls it.
    case shells
    /// Its process group is orphaned: no process can continue it, and the kernel does not let it stop.
    case orphaned
    /// swinit leads the session.
    case own
    /// A shell controls it, outside of swinit's PID namespace: swinit can't name its own group.
    case outside
  }

  /// Another member of swinit's own group: a script, a pager, another swinit.
  enum Member: Hashable {
    case none
    case running
    /// It needs the terminal, and its group was not the foreground.
    case lacksTerminal
    /// Something, such as the keyboard, stopped the job.
    case stopped
    /// swinit stopped the job with the command.
    case stoppedBySwinit
  }

  let job: Job
  /// swinit's own group.
  let ownGroup: ProcessID
  private(set) var foreground: ProcessID
  var member = Member.none
  /// Whether swinit has left the session, so that the command's group is orphaned.
  var isLeft = false
  /// Whether a process of swinit's took the terminal itself.
  var isStolen = false

  init(_ job: Job, isPID1: Bool, isForeground: Bool) {
    self.job = job
    ownGroup = ProcessID(rawValue: isPID1 ? 1 : 6)
    foreground = isForeground ? ownGroup : ModelTerminal.shell
    if job != .own { member = .running }
  }

  var hasShell: Bool { job == .shells || job == .outside }

  mutating func set(_ group: ProcessID) { foreground = group }

  /// The shell finds the job stopped, and takes the terminal.
  mutating func takeByShell() {
    if hasShell, foreground == ownGroup { foreground = ModelTerminal.shell }
  }
}

extension ModelKernel {
  /// Who the foreground is, as swinit can tell.
  private enum Foreground { case command, ownGroup, noGroup, others }

  private func foreground(of terminal: ModelTerminal, _ command: ProcessID) -> Foreground {
    if terminal.foreground == command || terminal.foreground == self[command]?.group {
      return .command
    }
    if terminal.foreground == terminal.ownGroup { return .ownGroup }
    let exists =
      terminal.foreground == ModelTerminal.shell
      || processes.contains { $0.group == terminal.foreground && $0.isAlive }
    return exists ? .others : .noGroup
  }

  /// swinit makes the command's group the foreground if its own is, or none. tcsetpgrp(3)
  mutating func lendTerminal(to command: ProcessID) -> Bool {
    guard let terminal, !terminal.isLeft else { return false }
    switch foreground(of: terminal, command) {
    case .command, .ownGroup, .noGroup:
      guard let process = self[command], process.session == swinit else { return false }
      self.terminal?.set(process.group)
      return true
    case .others: return false
    }
  }

  /// swinit makes its own group the foreground if the command's is, or none. tcsetpgrp(3)
  mutating func reclaimTerminal(
    from command: ProcessID, requestedBy process: ProcessID?
  ) -> ReclaimOutcome {
    guard let terminal, !terminal.isLeft, process == nil || process == ModelTerminal.neighbour
    else {
      return .leftToOtherGroup
    }
    let canBeNamed = terminal.job != .outside
    switch foreground(of: terminal, command) {
    case .command:
      if canBeNamed { self.terminal?.set(terminal.ownGroup) }
      return canBeNamed ? .reclaimedFromCommand : .leftToCommand
    case .ownGroup: return .alreadyOwn
    case .noGroup:
      if canBeNamed { self.terminal?.set(terminal.ownGroup) }
      return canBeNamed ? .reclaimedFromEmptyGroup : .leftToOtherGroup
    case .others: return .leftToOtherGroup
    }
  }

  /// swinit continues its own group: a process that stopped for want of the terminal tries again.
  mutating func continueOwnGroup() {
    guard let member = terminal?.member, member != .none else { return }
    terminal?.member = .running
    if member == .lacksTerminal { memberReads(isSwinit: false) }
  }

  /// swinit stops, and its group with it; a shell continues them, if the kernel lets them stop.
  mutating func stop(
    _ signal: Signal, wholeGroup: Bool, using chance: inout some Chance
  ) -> Event {
    guard let job = terminal?.job else { return .resumed }
    if isPID1 {
      guard wholeGroup, job == .outside else { return .couldNotStop }
      // The shell has brought the job to the foreground meanwhile: swinit continues the others.
      if signal != .terminalStop, let terminal, terminal.foreground == terminal.ownGroup {
        return .resumed
      }
      if terminal?.member == .running { terminal?.member = .stoppedBySwinit }
      return .couldNotStop
    }
    if job == .orphaned || job == .own {
      milestones.insert(.couldNotStop)
      if signal == .terminalStop { return .resumed }
      if chance.below(2) == 0 { return .couldNotStop }
      terminal?.isLeft = true
      return .resumed
    }
    milestones.insert(.stoppedWithCommand)
    if wholeGroup, terminal?.member == .running { terminal?.member = .stoppedBySwinit }
    return .resumed
  }

  /// The shell continues the job that has stopped, in the foreground or not.
  mutating func continueStoppedJob(inForeground: Bool) {
    guard let terminal, terminal.hasShell else { return }
    self.terminal?.takeByShell()
    if inForeground { self.terminal?.set(terminal.ownGroup) }
    continueOwnGroup()
    dropSignal(.continue)
  }

  /// A key is pressed that sends a signal to the foreground.
  mutating func press(_ signal: Signal) {
    guard let terminal else { return }
    if terminal.foreground == terminal.ownGroup {
      raise(ReceivedSignal(signal, from: .kernel))
      if signal.isStop, terminal.member == .running { self.terminal?.member = .stopped }
    }
    for process in processes where process.group == terminal.foreground {
      deliver(signal, to: process.id)
    }
  }

  /// A process reads from the terminal; its group is stopped if it is in the background.
  mutating func readTerminal(_ id: ProcessID) {
    guard let index = index(of: id), let terminal, terminal.foreground != processes[index].group,
      !terminal.isLeft,
      processes[index].session == swinit, processes[index].manners != .ignoresAll
    else { return }
    processes[index].lacksTerminal = true
    for member in processes where member.group == processes[index].group {
      deliver(.terminalInput, to: member.id)
    }
  }

  /// A process makes its own group the foreground, as a shell does for its jobs.
  mutating func takeTerminal(_ id: ProcessID) {
    guard let process = self[id], process.session == swinit else { return }
    terminal?.set(process.group)
    terminal?.isStolen = true
  }

  /// Another member of swinit's group reads from the terminal. If the group is in the background, the
  /// kernel stops it; if the member is another swinit, that stops it.
  mutating func memberReads(isSwinit: Bool) {
    guard let terminal, terminal.member == .running, terminal.foreground != terminal.ownGroup,
      terminal.job != .orphaned
    else { return }
    // If another process has sent swinit this signal, which is pending still, the two become one. swinit
    // learns of the other alone, and forwards that.
    let sender = pending.sender(of: .terminalInput)
    let isLost =
      sender != nil && sender != .kernel && sender != .process(ModelTerminal.neighbour)
    self.terminal?.member = isLost ? .stopped : .lacksTerminal
    raise(
      ReceivedSignal(
        .terminalInput, from: isSwinit ? .process(ModelTerminal.neighbour) : .kernel))
  }

  /// The shell continues swinit's job, in the foreground or not.
  mutating func continueByShell(inForeground: Bool) {
    guard let terminal, terminal.hasShell else { return }
    if inForeground { self.terminal?.set(terminal.ownGroup) }
    raise(ReceivedSignal(.continue, from: .process(ModelTerminal.shell)))
    continueOwnGroup()
  }

  /// The shell brings swinit's job to the foreground. If it takes the job for running, that is all.
  mutating func bringToForeground() {
    guard let terminal, terminal.hasShell, terminal.foreground == ModelTerminal.shell,
      terminal.member == .running
    else { return }
    self.terminal?.set(terminal.ownGroup)
  }
}
