import Testing

@testable import Supervision

@Suite("The text messages")
struct ReportTests {
  /// The text message of a swinit that runs `sleep`.
  private func message(
    _ report: Report, killed: Summary.KilledProcesses = Summary.KilledProcesses()
  ) -> String {
    report.words(command: "sleep", killed: killed)
  }

  private let process = ProcessID(rawValue: 12)
  private let sender = ReceivedSignal.Sender.process(ProcessID(rawValue: 7))

  @Test("The message names what swinit cannot prepare at startup, and the error")
  func cannotPrepare() {
    #expect(
      message(.cannotAwaitChildren(SystemError(rawValue: 22)))
        == "swinit: cannot reset SIGCHLD to its default action: Invalid argument\n")
    #expect(
      message(.cannotAdoptOrphans(.notPermitted))
        == "swinit: cannot become a subreaper, so orphans go to another process: Operation not permitted\n"
    )
    #expect(
      message(.cannotAwaitParent(SystemError(rawValue: 38)))
        == "swinit: cannot request a signal for the parent's death: Function not implemented\n")
  }

  @Test("The message names a termination log that cannot be opened or written")
  func cannotLog() {
    #expect(
      message(.cannotWriteLog("/log", SystemError(rawValue: 28)))
        == "swinit: cannot write to termination log '/log': No space left on device\n")
    #expect(
      message(.cannotOpenLog("/log", .noSuchFile))
        == "swinit: cannot open termination log '/log': No such file or directory\n")
  }

  @Test("Without a command, swinit reports that it pauses")
  func pausing() {
    #expect(message(.pausing) == "swinit: pausing: reaping orphans until a stop signal\n")
  }

  @Test("A misspelt environment variable is reported with the name that was meant")
  func misspelling() {
    #expect(
      message(.misspelledVariable("SWINIT_KILL_AFTR"))
        == "swinit: unknown environment variable 'SWINIT_KILL_AFTR'; did you mean "
        + "'SWINIT_KILL_AFTER'?\n")
  }

  @Test("The message about the start names the command and its process ID")
  func started() {
    #expect(message(.started(process)) == "swinit: started 'sleep' as process 12\n")
  }

  @Test("The message about a forwarded signal names the signal, its sender and its receiver")
  func forwarded() {
    #expect(
      message(.forwarded(.terminate, from: sender, as: .terminate, to: .group(process)))
        == "swinit: forwarded SIGTERM from process 7 to process group 12\n")
    #expect(
      message(.forwarded(.terminate, from: sender, as: .quit, to: .process(process)))
        == "swinit: forwarded SIGTERM from process 7 as SIGQUIT to process 12\n")
    let signal = Signal(rawValue: 37)
    #expect(
      message(.forwarded(signal, from: .outside, as: signal, to: .group(process)))
        == "swinit: forwarded SIGRTMIN+3 from outside the PID namespace to process group 12\n")
    #expect(
      message(.forwarded(.interrupt, from: .kernel, as: .interrupt, to: .group(process)))
        == "swinit: forwarded SIGINT from the kernel to process group 12\n")
    #expect(
      message(.forwarded(.interrupt, from: .unknown, as: .interrupt, to: .group(process)))
        == "swinit: forwarded SIGINT to process group 12\n")
  }

  @Test("The message about a dropped signal names the signal and its sender")
  func dropped() {
    #expect(
      message(.dropped(.terminate, from: sender)) == "swinit: dropped SIGTERM from process 7\n")
  }

  @Test("The message about a signal that cannot be sent names its receiver and the error")
  func cannotSend() {
    #expect(
      message(.cannotSend(.hangup, to: .group(process), .notPermitted))
        == "swinit: cannot send SIGHUP to process group 12: Operation not permitted\n")
  }

  @Test(
    "The message about a terminated process gives its status or signal",
    arguments: [
      (0x0000, "exited with status 0"),
      (0xff00, "exited with status 255"),
      (0x0009, "was killed by SIGKILL"),
      (0x008b, "was killed by SIGSEGV, core dumped"),
      (0x0040, "was killed by SIGRTMIN+30"),
      (0x0020, "was killed by signal 32"),
    ] as [(Int32, String)])
  func ended(status: Int32, words: String) {
    let status = WaitStatus(rawValue: status)
    #expect(
      message(.commandTerminated(process, status)) == "swinit: 'sleep' (process 12) \(words)\n")
    #expect(message(.reaped(process, status)) == "swinit: reaped process 12, which \(words)\n")
    #expect(
      message(.reapedOrphan(process, ProcessName("cat"), status))
        == "swinit: reaped orphan 12 (cat), which \(words)\n")
    #expect(
      message(.reapedOrphan(process, ProcessName(), status))
        == "swinit: reaped orphan 12, which \(words)\n")
  }

  @Test("A process's name cannot forge a line of its own")
  func forged() {
    let report = Report.reapedOrphan(process, ProcessName("a\rb\u{1b}"), WaitStatus(rawValue: 0))
    #expect(
      message(report) == "swinit: reaped orphan 12 (a\\rb\\x1b), which exited with status 0\n")
  }

  @Test("The message about remaining members of the process group names the signal and the group")
  func remainingGroup() {
    #expect(
      message(.signalledRemainingGroup(.terminate, group: process))
        == "swinit: sent SIGTERM to the remaining members of process group 12\n")
  }

  @Test("The messages about a shutdown with a grace period name what is signalled and killed")
  func shutdown() {
    #expect(
      message(.askedDescendantsToTerminate(.interrupt))
        == "swinit: sent SIGINT to the remaining descendants of 'sleep'; waiting for them\n")
    var killed = Summary.KilledProcesses()
    #expect(
      message(.gracePeriodExpired(milliseconds: 2000, count: killed.count), killed: killed)
        == "swinit: grace period (2s) expired: killed the remaining processes\n")
    killed.append(ProcessID(rawValue: 17), ProcessName(text("worker")))
    #expect(
      message(.gracePeriodExpired(milliseconds: 1500, count: killed.count), killed: killed)
        == "swinit: grace period (1.5s) expired: killed 1 process: worker (17)\n")
    killed.append(ProcessID(rawValue: 21), ProcessName())
    #expect(
      message(.gracePeriodExpired(milliseconds: 60_010, count: killed.count), killed: killed)
        == "swinit: grace period (60.01s) expired: killed 2 processes: worker (17), (21)\n")
    #expect(
      message(.cannotFindDescendants)
        == "swinit: cannot read /proc to find all descendants; signalling those within reach\n")
  }

  @Test("A process that survives SIGKILL is named with its state and wait channel, or the error")
  func survivors() {
    var killed = Summary.KilledProcesses()
    killed.survivor.name = ProcessName("worker")
    killed.survivor.state = UInt8(ascii: "D")
    let report = Report.survived(ProcessID(rawValue: 17))
    #expect(
      message(report, killed: killed)
        == "swinit: process 17 (worker) has not exited after SIGKILL: state D\n")
    killed.survivor.waitChannel = "io_schedule"
    #expect(
      message(report, killed: killed)
        == "swinit: process 17 (worker) has not exited after SIGKILL: state D, waiting in io_schedule\n"
    )
    #expect(
      report.object(command: "sleep", killed: killed).hasSuffix(
        #""event":"survived","pid":17,"name":"worker","state":"D","wait_channel":"io_schedule"}"#
          + "\n"
      ))
    killed.survivor.mayBeSignalled = false
    #expect(
      message(report, killed: killed)
        == "swinit: process 17 (worker) was not killed: Operation not permitted\n")
    #expect(
      report.object(command: "sleep", killed: killed).hasSuffix(
        #""event":"survived","pid":17,"name":"worker","error":"Operation not permitted","errno":1}"#
          + "\n"
      ))
  }

  @Test("The messages about a lost wait status and a failing wait name the command")
  func failures() {
    #expect(
      message(.statusLost)
        == "swinit: cannot determine how 'sleep' terminated: the kernel has no status of it\n")
    #expect(
      message(.cannotSupervise(.notPermitted))
        == "swinit: cannot wait for 'sleep': Operation not permitted\n")
  }

  @Test("The message about an out-of-memory kill says how sure it is, or how many were killed")
  func outOfMemory() {
    let name = ProcessName.named("worker")
    let limits = "; limit 32 MiB, peak 31.5 MiB\n"
    let cases: [(Report, String)] = [
      (
        .outOfMemory(process, name, .observed, limit: 33_554_432, peak: 33_030_144),
        "process 12 (worker)" + limits
      ),
      (
        .outOfMemory(process, name, .inferred, limit: nil, peak: nil),
        "a process, most likely process 12 (worker)\n"
      ),
      (
        .outOfMemoryUnidentified(1, .reaped, limit: 33_554_432, peak: 33_030_144),
        "1 process, which its parent reaped before it could be identified" + limits
      ),
      (
        .outOfMemoryUnidentified(3, .reaped, limit: nil, peak: nil),
        "3 processes, which were reaped before they could be identified\n"
      ),
      (
        .outOfMemoryUnidentified(1, .notFound, limit: nil, peak: nil),
        "1 process of the control group, not found among the descendants\n"
      ),
      (
        .outOfMemoryUnidentified(12, .killedWithGroup, limit: nil, peak: nil),
        "12 processes of a control group with memory.oom.group\n"
      ),
    ]
    for (report, words) in cases {
      #expect(message(report) == "swinit: out of memory: the kernel killed " + words)
    }
  }

  @Test(
    "The message about a process limit names the process that leaks zombies, children or threads")
  func processLimit() {
    for (kind, words) in [
      (
        ProcessLeak.Kind.zombies, "498 are zombies of process 12 (puma), which must wait() for them"
      ),
      (.children, "498 are children of process 12 (puma), and have not exited"),
      (.threads, "498 are threads of process 12 (puma)"),
    ] {
      let limit = ProcessLimit(
        limit: 512, count: 513, leak: ProcessLeak(kind, 498, process), name: .named("puma"))
      #expect(
        message(.processLimitReached(limit))
          == "swinit: process limit reached: 513 of 512; \(words)\n")
    }
  }

  @Test("A process limit is reported without a name if no process that swinit sees explains it")
  func processLimitOfOthers() {
    for (count, process) in [(Int32(0), process), (128, process), (500, ProcessID.invalid)] {
      let limit = ProcessLimit(
        limit: 512, count: 512, leak: ProcessLeak(.zombies, count, process), name: .named("puma"))
      #expect(
        message(.processLimitReached(limit)) == "swinit: process limit reached: 512 of 512\n")
    }
  }

  @Test("The message about the watch names the files that are watched")
  func watching() {
    for (memory, processes, words) in [
      (true, true, "memory.events and pids.events"), (true, false, "memory.events"),
      (false, true, "pids.events"),
    ] {
      #expect(
        message(.watching(memory: memory, processes: processes))
          == "swinit: watching the control group's \(words)\n")
    }
  }
}
