import Foundation
import Supervision
import Testing

/// One message in both formats.
struct Expected: CustomTestStringConvertible {
  let words: String
  let object: String

  /// `object` is the part after the time.
  init(_ words: String, _ object: String) {
    self.words = "swinit: \(words)\n"
    self.object = "{\"time\":\"2026-11-21T03:10:24.123Z\",\(object)}\n"
  }

  var testDescription: String { words }
}

/// Users rely on the names of the events and fields.
@Suite("Each event's text message and JSON object")
struct MessageTests {
  private let me = ProcessID(rawValue: 7)

  private func options(_ change: (inout Options) -> Void) -> Options {
    var options = Options()
    change(&options)
    return options
  }

  private func signal(
    _ signal: Signal, _ sender: ReceivedSignal.Sender = .process(ProcessID(rawValue: 7))
  ) -> Occurrence { .signal(ReceivedSignal(signal, from: sender)) }

  private let started = Expected(
    "started 'sleep' as process 12",
    #""level":"info","event":"started","command":"sleep","pid":12"#)

  private func play(
    _ rehearsal: consuming Rehearsal, _ expected: Expected..., status: UInt8? = nil
  ) {
    rehearsal.play()
    #expect(rehearsal.texts == expected.map(\.words))
    #expect(rehearsal.objects == expected.map(\.object))
    #expect(rehearsal.status == status)
  }

  @Test("Failures to prepare, and dropped messages, are reported in both formats")
  func preparation() {
    let cases: [(Report, Expected)] = [
      (
        Report.cannotAwaitChildren(SystemError(rawValue: 22)),
        Expected(
          "cannot be told how children end: Invalid argument",
          #""level":"error","event":"cannot_await_children","error":"Invalid argument""#)
      ),
      (
        Report.cannotAdoptOrphans(.notPermitted),
        Expected(
          "cannot adopt orphans, which go to PID 1: Operation not permitted",
          #""level":"warning","event":"cannot_adopt_orphans","error":"Operation not permitted""#)
      ),
      (
        Report.cannotAwaitParent(SystemError(rawValue: 4000)),
        Expected(
          "cannot be notified when the parent dies: error 4000",
          #""level":"error","event":"cannot_await_parent","errno":4000"#)
      ),
      (
        Report.messagesDropped(1),
        Expected(
          "dropped 1 message: standard error was full or closed",
          #""level":"warning","event":"messages_dropped","count":1"#)
      ),
      (
        Report.messagesDropped(9454),
        Expected(
          "dropped 9454 messages: standard error was full or closed",
          #""level":"warning","event":"messages_dropped","count":9454"#)
      ),
    ]
    for (report, expected) in cases {
      #expect(report.words(command: "sleep") == expected.words)
      #expect(report.object(command: "sleep") == expected.object)
    }
  }

  @Test("The reason why the command cannot be executed is reported in both formats")
  func failure() {
    let cases: [(Report, Expected)] = [
      (
        .cannotStart(.tryAgain),
        Expected(
          "cannot start a process for 'sleep': Resource temporarily unavailable",
          #""level":"error","event":"cannot_start","command":"sleep","#
            + #""error":"Resource temporarily unavailable""#)
      ),
      (
        .cannotRun(ExecutionFailure(.noSuchFile, .notInPath(text("/bin:/a\"b")))),
        Expected(
          "cannot run 'sleep': No such file or directory (PATH is /bin:/a\"b)",
          #""level":"error","event":"cannot_run","command":"sleep","#
            + #""error":"No such file or directory","path":"/bin:/a\"b""#)
      ),
      (
        .cannotRun(ExecutionFailure(.noSuchFile, .interpreter(text("/bin/sh\r")))),
        Expected(
          "cannot run 'sleep': its interpreter '/bin/sh\\r': No such file or directory "
            + "(its lines end in CR LF; save it with LF)",
          #""level":"error","event":"cannot_run","command":"sleep","#
            + #""interpreter":"/bin/sh\r","error":"No such file or directory","#
            + #""hint":"its lines end in CR LF; save it with LF""#)
      ),
      (
        .cannotRun(ExecutionFailure(.accessDenied, .unknown, .directory)),
        Expected(
          "cannot run 'sleep': Permission denied (it is a directory)",
          #""level":"error","event":"cannot_run","command":"sleep","#
            + #""error":"Permission denied","hint":"it is a directory""#)
      ),
    ]
    for (report, expected) in cases {
      #expect(report.words(command: "sleep") == expected.words)
      #expect(report.object(command: "sleep") == expected.object)
    }
  }

  @Test("A termination log that cannot be opened is reported in both formats")
  func terminationLog() {
    let report = Report.cannotOpenLog("/log", SystemError(rawValue: 30))
    let expected = Expected(
      "cannot open the termination log '/log': Read-only file system",
      #""level":"error","event":"cannot_log","path":"/log","error":"Read-only file system""#)
    #expect(report.words(command: "sleep") == expected.words)
    #expect(report.object(command: "sleep") == expected.object)
  }

  @Test(
    "Forwarded signals, dropped ones and those that cannot be sent are reported in both formats")
  func signals() {
    let rewriting = options {
      $0.verbosity = 1
      $0.rewrites.rewrite(.hangup, to: .quit)
      $0.rewrites.rewrite(.interrupt, to: nil)
    }
    play(
      Rehearsal(
        options: rewriting, isPID1: true,
        occurrences: [
          signal(.hangup), signal(.interrupt), signal(.interrupt, .kernel),
          signal(Signal(rawValue: 37), .outside), signal(Signal(rawValue: 33), .kernel),
        ]),
      started,
      Expected(
        "forwarded SIGHUP from process 7 as SIGQUIT to process group 12",
        #""level":"info","event":"forwarded","signal":"SIGHUP","sender":7,"as":"SIGQUIT","#
          + #""group":12"#),
      Expected(
        "dropped SIGINT from process 7",
        #""level":"info","event":"dropped","signal":"SIGINT","sender":7"#),
      Expected(
        "dropped SIGINT from the kernel",
        #""level":"info","event":"dropped","signal":"SIGINT""#),
      Expected(
        "forwarded SIGRTMIN+3 from outside the PID namespace to process group 12",
        #""level":"info","event":"forwarded","signal":"SIGRTMIN+3","group":12"#),
      Expected(
        "forwarded signal 33 from the kernel to process group 12",
        #""level":"info","event":"forwarded","signal":"signal 33","group":12"#))
    play(
      Rehearsal(
        options: options { $0.singleChild = true }, occurrences: [signal(.hangup)],
        sendError: .notPermitted),
      Expected(
        "cannot send SIGHUP to process 12: Operation not permitted",
        #""level":"warning","event":"cannot_send","signal":"SIGHUP","pid":12,"#
          + #""error":"Operation not permitted""#))
  }

  @Test("The termination of the command and of other processes is reported in both formats")
  func terminatedProcesses() {
    let crash = ChildChange.end(
      of: 12, .killed(by: Signal(rawValue: 11), coreDumped: true), peak: 3_400_000, cpu: 1234)
    play(
      Rehearsal(
        options: options { $0.verbosity = 2 },
        occurrences: [
          .changes([.end(of: 30, .exited(0)), .end(of: 31, .killed(by: .kill))]),
          .changes([crash]),
        ]),
      started,
      Expected(
        "reaped process 30: exited with status 0",
        #""level":"info","event":"reaped","pid":30,"status":0"#),
      Expected(
        "reaped process 31: was killed by SIGKILL",
        #""level":"info","event":"reaped","pid":31,"killed_by":"SIGKILL""#),
      Expected(
        "'sleep' (process 12) was killed by SIGSEGV, core dumped",
        #""level":"info","event":"ended","command":"sleep","pid":12,"killed_by":"SIGSEGV","#
          + #""core_dumped":true"#),
      Expected(
        "sent SIGTERM to the remaining members of process group 12",
        #""level":"info","event":"group_told","signal":"SIGTERM","group":12"#),
      Expected(
        "'sleep' (process 12) was killed by SIGSEGV, core dumped after 0.000 s; peak memory "
          + "3.2 MiB, processor time 1.234 s; orphans reaped: 2; killed after the grace period: 0",
        #""level":"info","event":"summary","command":"sleep","pid":12,"killed_by":"SIGSEGV","#
          + #""core_dumped":true,"duration_ms":0,"peak":3400000,"cpu_ms":1234,"orphans":2,"#
          + #""killed_count":0"#),
      status: 139)
  }

  @Test("Reaped orphans are reported in both formats, with their names and without")
  func orphans() {
    play(
      Rehearsal(
        options: options { $0.warnsOfReaped = true },
        occurrences: [
          .changes([
            .end(of: 30, .exited(3), name: "a \"b\"\u{1}"), .end(of: 31, .killed(by: .terminate)),
          ])
        ]),
      Expected(
        "reaped orphan 30 (a \"b\"\\x01): exited with status 3",
        #""level":"info","event":"orphan_reaped","pid":30,"name":"a \"b\"\u0001","status":3"#),
      Expected(
        "reaped orphan 31: was killed by SIGTERM",
        #""level":"info","event":"orphan_reaped","pid":31,"killed_by":"SIGTERM""#))
  }

  @Test("A shutdown with a grace period is reported in both formats")
  func gracePeriod() {
    let grace = options {
      $0.verbosity = 1
      $0.killAfter = .milliseconds(1500)
    }
    let victims = (20..<30 as Range<Int32>).map { number in
      ChildChange.end(of: number, .killed(by: .kill), name: "w\(number)")
    }
    var killed = Summary.KilledProcesses()
    for victim in victims { killed.append(victim.process, victim.name) }
    let objects = (20..<28).map { #"{"pid":\#($0),"name":"w\#($0)"}"# }.joined(separator: ",")
    play(
      Rehearsal(
        options: grace,
        occurrences: [
          .changes([.end(of: 12, .exited(1))]), .deadline, .changes(victims), .deadline,
        ], killed: killed),
      started,
      Expected(
        "'sleep' (process 12) exited with status 1",
        #""level":"info","event":"ended","command":"sleep","pid":12,"status":1"#),
      Expected(
        "told the processes that 'sleep' left behind to end, and waits for them",
        #""level":"info","event":"remainder_told","command":"sleep""#),
      Expected(
        "grace period (1500ms) expired: killed 10 processes: w20 (20), w21 (21), w22 (22), "
          + "w23 (23), w24 (24), w25 (25), w26 (26), w27 (27), and 2 more",
        #""level":"warning","event":"grace_period_over","grace_period_ms":1500,"#
          + #""killed_count":10,"killed":[\#(objects)]"#),
      Expected(
        "'sleep' (process 12) exited with status 1 after 0.000 s; peak memory 0 KiB, processor "
          + "time 0.000 s; orphans reaped: 10; killed after the grace period: 10: w20 (20), "
          + "w21 (21), w22 (22), w23 (23), w24 (24), w25 (25), w26 (26), w27 (27), and 2 more",
        #""level":"info","event":"summary","command":"sleep","pid":12,"status":1,"#
          + #""duration_ms":0,"peak":0,"cpu_ms":0,"orphans":10,"killed_count":10,"#
          + #""killed":[\#(objects)]"#),
      status: 1)
    play(
      Rehearsal(
        options: options { $0.killAfter = .infinity },
        occurrences: [.changes([.end(of: 12, .exited(1))])], foundDescendants: false),
      Expected(
        "cannot read /proc to find all processes to end: signalling those known",
        #""level":"warning","event":"cannot_find_descendants""#))
  }

  @Test("Zombies of another process are reported in both formats at 1, 2 and 4, and not at 3")
  func zombies() {
    let counts = [1, 1, 2, 3, 4].map { [ZombieCount(parent: me, count: $0)] }
    var rehearsal = Rehearsal(
      options: options { $0.zombieCheck = .milliseconds(1000) },
      occurrences: Array(repeating: .deadline, count: 5), zombies: counts, names: [7: "ruby"])
    let hint = "which must reap what it spawns: look there for a missing wait"
    let expected = [(1, "zombie is"), (2, "zombies are"), (4, "zombies are")].map {
      Expected(
        "\($0) \($1) left by process 7 (ruby), \(hint)",
        "\"level\":\"warning\",\"event\":\"zombies\",\"count\":\($0),\"pid\":7,\"name\":\"ruby\"")
    }
    rehearsal.play()
    #expect(rehearsal.texts == expected.map(\.words))
    #expect(rehearsal.objects == expected.map(\.object))
    #expect(rehearsal.waits == 5)
  }

  @Test("A lost wait status and a failing wait are reported in both formats")
  func givingUp() {
    play(
      Rehearsal(firstSweep: .swept(hasChildren: false)),
      Expected(
        "cannot tell how 'sleep' ended: the kernel kept no status of it",
        #""level":"error","event":"status_lost","command":"sleep""#),
      status: 125)
    play(
      Rehearsal(firstSweep: .broken(SystemError(rawValue: 22))),
      Expected(
        "cannot wait for 'sleep': Invalid argument",
        #""level":"error","event":"cannot_supervise","command":"sleep","#
          + #""error":"Invalid argument""#),
      status: 125)
  }
}
