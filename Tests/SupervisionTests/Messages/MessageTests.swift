import Foundation
import Supervision
import Testing

/// One message in both formats.
struct Expected: CustomTestStringConvertible {
  let words: String
  let object: String

  /// `object` is the part beside the time, the logger and the sentence, from the level on.
  init(_ words: String, _ object: String) {
    self.words = "swinit: \(words)\n"
    let sentence = words.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let parts = object.split(separator: ",", maxSplits: 1)
    self.object =
      "{\"time\":\"2026-11-21T03:10:24.123Z\",\(parts[0]),\"logger\":\"swinit\","
      + "\"msg\":\"\(sentence)\",\(parts[1])}\n"
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
          "cannot reset SIGCHLD to its default action: Invalid argument",
          #""level":"error","event":"cannot_reset_sigchld","error":"Invalid argument","errno":22"#)
      ),
      (
        Report.cannotAdoptOrphans(.notPermitted),
        Expected(
          "cannot become a subreaper, so orphans go to another process: Operation not permitted",
          #""level":"warning","event":"cannot_become_subreaper","#
            + #""error":"Operation not permitted","errno":1"#)
      ),
      (
        Report.cannotAwaitParent(SystemError(rawValue: 4000)),
        Expected(
          "cannot request a signal for the parent's death: error 4000",
          #""level":"error","event":"cannot_set_parent_death_signal","errno":4000"#)
      ),
      (
        Report.messagesDropped(1),
        Expected(
          "dropped 1 message: standard error was full or closed",
          #""level":"warning","event":"messages_dropped","dropped_count":1"#)
      ),
      (
        Report.messagesDropped(9454),
        Expected(
          "dropped 9454 messages: standard error was full or closed",
          #""level":"warning","event":"messages_dropped","dropped_count":9454"#)
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
          "cannot create a process for 'sleep': Resource temporarily unavailable",
          #""level":"error","event":"cannot_spawn","command":"sleep","#
            + #""error":"Resource temporarily unavailable","errno":11"#)
      ),
      (
        .cannotRun(ExecutionFailure(.noSuchFile, .commandInPath(text("/bin:/a\"b")))),
        Expected(
          "command not found: 'sleep' (searched PATH=/bin:/a\"b)",
          #""level":"error","event":"cannot_execute","command":"sleep","#
            + #""search_path":"/bin:/a\"b","error":"No such file or directory","errno":2"#)
      ),
      (
        .cannotRun(ExecutionFailure(.noSuchFile, .interpreter(text("/bin/sh\r")))),
        Expected(
          "cannot run 'sleep': its interpreter '/bin/sh\\r' does not exist; its lines end in "
            + "CRLF; convert them to LF",
          #""level":"error","event":"cannot_execute","command":"sleep","#
            + #""interpreter":"/bin/sh\r","error":"No such file or directory","errno":2,"#
            + #""hint":"its lines end in CRLF; convert them to LF""#)
      ),
      (
        .cannotRun(ExecutionFailure(.accessDenied, .command, .directory)),
        Expected(
          "cannot run 'sleep': it is a directory",
          #""level":"error","event":"cannot_execute","command":"sleep","#
            + #""error":"Permission denied","errno":13"#)
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
      "cannot open termination log '/log': Read-only file system",
      #""level":"error","event":"cannot_open_termination_log","path":"/log","#
        + #""error":"Read-only file system","errno":30"#)
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
        #""level":"info","event":"forwarded","signal":"SIGHUP","signal_number":1,"#
          + #""sender_pid":7,"forwarded_as":"SIGQUIT","pgid":12"#),
      Expected(
        "dropped SIGINT from process 7",
        #""level":"info","event":"dropped","signal":"SIGINT","signal_number":2,"sender_pid":7"#),
      Expected(
        "dropped SIGINT from the kernel",
        #""level":"info","event":"dropped","signal":"SIGINT","signal_number":2"#),
      Expected(
        "forwarded SIGRTMIN+3 from outside the PID namespace to process group 12",
        #""level":"info","event":"forwarded","signal":"SIGRTMIN+3","signal_number":37,"#
          + #""pgid":12"#),
      Expected(
        "forwarded signal 33 from the kernel to process group 12",
        #""level":"info","event":"forwarded","signal":"signal 33","signal_number":33,"#
          + #""pgid":12"#))
    play(
      Rehearsal(
        options: options { $0.singleChild = true }, occurrences: [signal(.hangup)],
        sendError: .notPermitted),
      Expected(
        "cannot send SIGHUP to process 12: Operation not permitted",
        #""level":"warning","event":"cannot_signal","signal":"SIGHUP","signal_number":1,"pid":12,"#
          + #""error":"Operation not permitted","errno":1"#))
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
        "reaped process 30, which exited with status 0",
        #""level":"info","event":"reaped","pid":30,"exit_code":0"#),
      Expected(
        "reaped process 31, which was killed by SIGKILL",
        #""level":"info","event":"reaped","pid":31,"signal":"SIGKILL","signal_number":9"#),
      Expected(
        "'sleep' (process 12) was killed by SIGSEGV, core dumped",
        #""level":"info","event":"terminated","command":"sleep","pid":12,"signal":"SIGSEGV","signal_number":11,"#
          + #""core_dumped":true"#),
      Expected(
        "sent SIGTERM to the remaining members of process group 12",
        #""level":"info","event":"signalled_group","signal":"SIGTERM","signal_number":15,"pgid":12"#
      ),
      Expected(
        "'sleep' (process 12) ran for 0ms; peak memory 3.2 MiB, CPU time 1.234s; orphans "
          + "reaped: 2",
        #""level":"info","event":"summary","command":"sleep","pid":12,"signal":"SIGSEGV","signal_number":11,"#
          + #""core_dumped":true,"duration_ms":0,"peak_rss_bytes":3400000,"cpu_ms":1234,"#
          + #""orphan_count":2,"killed_count":0"#),
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
        "reaped orphan 30 (a \"b\"\\x01), which exited with status 3",
        #""level":"info","event":"reaped_orphan","pid":30,"name":"a \"b\"\u0001","exit_code":3"#),
      Expected(
        "reaped orphan 31, which was killed by SIGTERM",
        #""level":"info","event":"reaped_orphan","pid":31,"signal":"SIGTERM","signal_number":15"#))
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
        #""level":"info","event":"terminated","command":"sleep","pid":12,"exit_code":1"#),
      Expected(
        "sent SIGTERM to the remaining descendants of 'sleep'; waiting for them",
        #""level":"info","event":"signalled_descendants","signal":"SIGTERM","signal_number":15,"command":"sleep""#
      ),
      Expected(
        "grace period (1.5s) expired: killed 10 processes: w20 (20), w21 (21), w22 (22), "
          + "w23 (23), w24 (24), w25 (25), w26 (26), w27 (27), and 2 more",
        #""level":"warning","event":"grace_period_expired","grace_period_ms":1500,"#
          + #""killed_count":10,"killed":[\#(objects)]"#),
      Expected(
        "'sleep' (process 12) ran for 0ms; peak memory 0 KiB, CPU time 0ms; orphans reaped: 10",
        #""level":"info","event":"summary","command":"sleep","pid":12,"exit_code":1,"#
          + #""duration_ms":0,"peak_rss_bytes":0,"cpu_ms":0,"orphan_count":10,"killed_count":10,"#
          + #""killed":[\#(objects)]"#),
      status: 1)
    play(
      Rehearsal(
        options: options { $0.killAfter = .infinity },
        occurrences: [.changes([.end(of: 12, .exited(1))])], foundDescendants: false),
      Expected(
        "cannot read /proc to find all descendants; signalling those within reach",
        #""level":"warning","event":"cannot_find_descendants""#))
  }

  @Test("Zombies of another process are reported in both formats at 1, 2 and 4, and not at 3")
  func zombies() {
    let counts = [1, 1, 2, 3, 4].map { [ZombieCount(parent: me, count: $0)] }
    var rehearsal = Rehearsal(
      options: options { $0.zombieCheck = .milliseconds(1000) },
      occurrences: Array(repeating: .deadline, count: 5), zombies: counts, names: [7: "ruby"])
    let (one, several) = (
      "zombie child and is not reaping it; it must wait() for it",
      "zombie children and is not reaping them; it must wait() for them"
    )
    let expected = [(1, one), (2, several), (4, several)].map {
      Expected(
        "process 7 (ruby) has \($0) \($1)",
        #""level":"warning","event":"zombies","pid":7,"name":"ruby","zombie_count":\#($0)"#)
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
        "cannot determine how 'sleep' terminated: the kernel has no status of it",
        #""level":"error","event":"status_lost","command":"sleep""#),
      status: 125)
    play(
      Rehearsal(firstSweep: .broken(SystemError(rawValue: 22))),
      Expected(
        "cannot wait for 'sleep': Invalid argument",
        #""level":"error","event":"cannot_wait","command":"sleep","#
          + #""error":"Invalid argument","errno":22"#),
      status: 125)
  }
}
