import Supervision

// Forks, exits, and moves between groups.

extension ModelKernel {
  /// Makes COMMAND: a child of swinit in a group of its own.
  mutating func spawn(
    _ manners: ModelProcess.Manners, takesTerminal: Bool, using chance: inout some Chance
  ) -> ProcessID {
    guard let id = freeNumber(using: &chance) else { preconditionFailure("all are free") }
    processes.append(
      ModelProcess(
        id: id, parent: swinit, group: id, session: swinit, isDescendant: true, manners: manners,
        start: tick))
    if let terminal, terminal.foreground == terminal.ownGroup, takesTerminal {
      self.terminal?.set(id)
    }
    return id
  }

  /// Makes a child that swinit has from the program that its image replaced; it may be long gone,
  /// and the signal that told of it with it.
  mutating func inherit(isZombie: Bool, using chance: inout some Chance) {
    guard let id = freeNumber(using: &chance) else { return }
    processes.append(
      ModelProcess(
        id: id, parent: swinit, group: id, session: swinit, isDescendant: true, manners: .obeys,
        start: tick))
    if isZombie { processes[processes.count - 1].state = .zombie(.exited(1)) }
  }

  /// Makes an orphan, which swinit adopts.
  mutating func adopt(using chance: inout some Chance) -> ProcessID? {
    guard let id = freeNumber(using: &chance) else { return nil }
    processes.append(
      ModelProcess(
        id: id, parent: swinit, group: id, session: swinit, isDescendant: true, manners: .obeys,
        start: tick))
    return id
  }

  /// Makes a process that has nothing to do with swinit.
  mutating func appear(using chance: inout some Chance) {
    guard let id = freeNumber(using: &chance) else { return }
    processes.append(
      ModelProcess(
        id: id, parent: ModelKernel.outside, group: id, session: id, isDescendant: false,
        manners: .obeys,
        start: tick))
  }

  /// A process forks; the child stays in its group and session. fork(2)
  mutating func fork(_ id: ProcessID, using chance: inout some Chance) {
    guard let parent = self[id], let child = freeNumber(using: &chance) else { return }
    processes.append(
      ModelProcess(
        id: child, parent: id, group: parent.group, session: parent.session,
        isDescendant: parent.isDescendant, manners: parent.manners,
        isProtected: parent.isProtected, start: tick))
  }

  /// A process exits: its children are adopted, and its parent receives SIGCHLD. _exit(2)
  mutating func end(_ id: ProcessID, _ status: WaitStatus) {
    guard let index = index(of: id), processes[index].isAlive else { return }
    processes[index].state = .zombie(status)
    processes[index].unreportedChange = nil
    cgroup.otherEnds.insert(id.rawValue)
    if status == .killed(by: .kill) { cgroup.hasOtherKills = true }
    adoptChildren(of: processes[index])
    tellParent(of: processes[index])
  }

  private mutating func adoptChildren(of parent: ModelProcess) {
    let adopter = parent.isDescendant ? swinit : ModelKernel.outside
    // From the back, since a zombie with a parent outside is removed at once.
    for index in processes.indices.reversed() where processes[index].parent == parent.id {
      processes[index].parent = adopter
      if adopter == swinit { milestones.insert(.orphanAdopted) }
      if processes[index].isZombie { tellParent(of: processes[index]) }
    }
  }

  /// The parent receives SIGCHLD for a change.
  mutating func tellParent(of process: ModelProcess) {
    if process.parent == swinit {
      let isKilled = process.state == .zombie(.killed(by: .kill))
      raise(ReceivedSignal(.childChanged, from: .kernel, reportsKill: isKilled))
    } else if process.parent == ModelKernel.outside && process.isZombie {
      processes.removeAll { $0.id == process.id }
    }
  }

  /// A process waits for its children that ended. waitpid(2)
  mutating func collectChildren(of id: ProcessID) {
    processes.removeAll { $0.parent == id && $0.isZombie }
  }

  /// swinit looks for one child that changed. waitpid(2)
  mutating func reap(_ inspection: Inspection, using chance: inout some Chance) -> Event {
    let children = processes.filter { $0.parent == swinit }
    let zombies = children.filter(\.isZombie)
    let changed = inspection.stops ? children.filter { $0.unreportedChange != nil } : []
    if zombies.count > 1 { milestones.insert(.severalZombies) }
    guard let child = chance.element(of: zombies + changed) else {
      return .swept(hasChildren: !children.isEmpty)
    }
    if case .zombie(let status) = child.state {
      processes.removeAll { $0.id == child.id }
      let isKilled = status == .killed(by: .kill)
      let isNamed = inspection.names == .all || inspection.names == .ofKilled && isKilled
      return .changed(
        ChildChange(
          child.id, status, name: isNamed ? name(of: child.id) : ProcessName(),
          usage: inspection.usage ? child.usage : Summary.Usage()))
    }
    guard let index = index(of: child.id), let change = child.unreportedChange else {
      preconditionFailure("it was chosen for its change")
    }
    processes[index].unreportedChange = nil
    return .changed(ChildChange(child.id, change))
  }

  /// A process begins a group of its own. setpgid(2)
  mutating func beginGroup(_ id: ProcessID) { move(id, to: id) }

  /// A process goes to another process's group, if that is of the same session. setpgid(2)
  mutating func joinGroup(_ id: ProcessID, of other: ProcessID) {
    guard let process = self[id], let other = self[other], process.session == other.session else {
      return
    }
    move(id, to: other.group)
  }

  private mutating func move(_ id: ProcessID, to group: ProcessID) {
    guard let index = index(of: id), processes[index].isAlive, processes[index].session != id else {
      return
    }
    processes[index].hasMoved = true
    processes[index].group = group
  }

  /// A process begins a session of its own, unless it leads a group. setsid(2)
  mutating func beginSession(_ id: ProcessID) {
    guard let index = index(of: id), !processes.contains(where: { $0.group == id }) else { return }
    processes[index].hasMoved = true
    processes[index].group = id
    processes[index].session = id
  }

  /// A process becomes another user's. setuid(2)
  mutating func protect(_ id: ProcessID) {
    if let index = index(of: id) { processes[index].isProtected = true }
  }
}
