import TestSupport
import Testing

/// These tests boot a kernel that has cgroup v2 alone: User-mode Linux, with one processor, on which the
/// parent of a victim often reaps it before anybody can look. `KernelTests` do the same with two.
@Suite("The watch on a cgroup v2") struct CgroupV2WatchTests {
  @Test(
    "Workers that the kernel kills and the command reaps at once are all reported, and no other process",
    .needs(WatchedKernel.needs), arguments: WatchScript.workerSections)
  func workers(_ section: String) throws {
    try WatchScript.expectWorkers(section, in: WatchedKernel.transcript.get())
  }

  @Test(
    "A refused fork at the cgroup's limit is reported with the parent of the zombies or of the children",
    .needs(WatchedKernel.needs), arguments: WatchScript.limitSections)
  func processLimit(_ section: (String, String, String)) throws {
    try WatchScript.expectProcessLimit(section, in: WatchedKernel.transcript.get())
  }

  @Test(
    "A refused fork is not reported when the limit of another cgroup was reached",
    .needs(WatchedKernel.needs))
  func limitOfParent() throws {
    try WatchScript.expectSilence(in: WatchedKernel.transcript.get())
  }

  @Test(
    "With memory.oom.group, a swinit that lives reports all processes of the group in one message",
    .needs(WatchedKernel.needs))
  func groupKill() throws {
    try WatchScript.expectGroupKill(in: WatchedKernel.transcript.get())
  }

  @Test(
    "With -v, swinit says which files of the cgroup it watches, and has three more descriptors",
    .needs(WatchedKernel.needs))
  func descriptors() throws {
    try WatchScript.expectDescriptors(in: WatchedKernel.transcript.get())
  }
}

/// The kernel and its output.
private enum WatchedKernel {
  static let needs = UserModeMachine.needs + [.program("unshare")]

  static let transcript = Result<Transcript, any Error> {
    let directory = try TemporaryDirectory()
    return Transcript(
      try UserModeMachine.output(of: WatchScript.text(in: directory.path), in: directory))
  }
}
