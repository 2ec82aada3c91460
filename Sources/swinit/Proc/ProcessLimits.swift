import Supervision

extension Cgroup {
  /// Finds out whether the group has as many processes and threads as it may have, and which process has
  /// most of them. proc_pid_stat(5)
  @inline(never)  // 128 bytes
  func examineProcesses(isPID1: Bool) -> ProcessLimit? {
    guard let (limit, count) = processesAtLimit() else { return nil }
    var census = ProcessCensus()
    for look in SafeRange(2) {
      var processes = ContainerProcesses(isPID1: isPID1)
      while let (process, status) = processes.next() {
        if look == 0 { census.note(process, status) } else { census.noteAgain(status) }
      }
    }
    let leak = census.leak
    return ProcessLimit(
      limit: limit, count: count, leak: leak, name: ProcessFiles.name(of: leak.process))
  }
}
