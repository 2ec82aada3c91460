import CLinux
import Supervision

/// The processes of the container, one after the other: all as PID 1, otherwise the descendants. One such
/// list is read at a time.
struct ContainerProcesses: ~Copyable {
  /// How often all processes are looked at: descendants may appear faster than they are looked at.
  private static let limit = 10

  private let isPID1: Bool
  private var descendants = Descendants()
  private var processes = ProcessList()
  private var looks = 1
  private var hasNew = false
  /// Numbers begin again at the lowest: a child that has a lower one than its parent was passed by
  /// before its parent was found.
  private var missesChild = false

  init(isPID1: Bool) { self.isPID1 = isPID1 }

  /// The next process, nil after the last.
  @inline(never)  // 768 bytes
  mutating func next() -> (ProcessID, ProcessStatus)? {
    while true {
      while let (process, status) = processes.next() {
        guard isPID1 || descendants.findsNew(process, status) else {
          if process.rawValue < status.parent.rawValue { missesChild = true }
          continue
        }
        hasNew = true
        return (process, status)
      }
      guard hasNew, missesChild, looks < ContainerProcesses.limit else { return nil }
      hasNew = false
      looks &+= 1
      processes = ProcessList()
    }
  }
}
