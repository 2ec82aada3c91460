import CProbe

/// `with-fault REPORT FAULT PROGRAM COMMAND…` runs the command and exits with its status. In the
/// first process that executes PROGRAM, which is the command or a later stage of it, system calls
/// are counted and some fail. `Fault` documents the format of FAULT; `none` only counts. With
/// `--pid1` in front, the command is PID 1 of a namespace.
///
/// PROGRAM is traced, and so are its children until they execute another program. The file REPORT
/// gets a line `call PROCESS NAME` for each call, in order, where PROGRAM is process 0 and its
/// children count from 1. Then come `faults N`, the number of failed calls; `spins` if there were
/// too many calls; `bystander SIGNAL` if a process that is no descendant was signalled; `left NAME`
/// for each remaining descendant; and finally `exited STATUS` or `killed SIGNAL`.
func injectFault(_ words: [String]) -> Never {
  var words = words[...]
  let isPID1 = words.first == "--pid1"
  if isPID1 { words.removeFirst() }
  guard words.count > 3 else { fail("with-fault takes a file, a fault, a program, a command") }
  let report = words.removeFirst()
  let fault = words.removeFirst()
  check(probe_become_subreaper(), "prctl")
  var tracer = Tracer(
    report: report, fault: fault == "none" ? nil : Fault(fault), program: words.removeFirst())
  tracer.run(Array(words), isPID1: isPID1)
}

/// A fault is written `PROCESS:NAME:N:ERROR:COUNT`: the Nth call of that name and the next COUNT -
/// 1 fail with the error's number. With the error 0 the call does not fail but is delayed until the
/// file `REPORT.go` exists; the probe prints `held` meanwhile.
private struct Fault {
  let process: Int
  let name: String
  let first: Int
  let error: Int
  let count: Int

  init(_ text: String) {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 5 else { fail("\(text) is no fault") }
    process = number(parts, 0)
    name = parts[1]
    first = number(parts, 2)
    error = number(parts, 3)
    count = number(parts, 4)
  }

  func isMet(by process: Int, _ name: String, _ times: Int) -> Bool {
    process == self.process && name == self.name && times >= first && times - first < count
  }
}

private struct Tracer {
  /// More calls than any run needs, even one that closes all descriptors one by one.
  private static let limit = 200_000

  private struct Tracee {
    let index: Int
    var counts: [String: Int] = [:]
    var isFaulty = false
  }

  private let report: String
  private let fault: Fault?
  private let program: String
  private var lines: [String] = []
  private var faults = 0
  private var calls = 0
  private var tracees: [pid_t: Tracee] = [:]
  /// The number of tracees so far.
  private var met = 0
  private var bystanders: [pid_t] = []

  init(report: String, fault: Fault?, program: String) {
    self.report = report
    self.fault = fault
    self.program = program
  }

  mutating func run(_ command: [String], isPID1: Bool) -> Never {
    bystanders = [false, true].map(standBy)
    let root = start(command, isPID1: isPID1)
    var status: Int32 = 0
    while true {
      let process = check(unsafe probe_wait_traced(&status), "waitpid")
      if probe_stopped(status) != 0 {
        handleStop(of: process, status)
      } else if process == root {
        break
      } else if bystanders.contains(process) {
        let signal = probe_exited(status) != 0 ? probe_exit_code(status) : probe_signal(status)
        lines.append("bystander \(signal)")
      } else {
        tracees[process] = nil
      }
    }
    lines.append("faults \(faults)")
    for child in children(of: getpid()) where !bystanders.contains(child) {
      let name = contents(of: "/proc/\(child)/comm")?.split(separator: "\n").first ?? ""
      if isAlive(child) { lines.append("left \(name)") }
    }
    lines.append(ending(status))
    writeReport()
    killChildren()
    _exit(Int32(probe_exited(status) != 0 ? probe_exit_code(status) : 128 + probe_signal(status)))
  }

  /// A process that exits on any signal: a neighbour in this group, or in a session of its own.
  private func standBy(inOwnSession: Bool) -> pid_t {
    check(probe_set_mask(~0), "rt_sigprocmask")
    guard let child = forkChild() else {
      if inOwnSession { check(setsid(), "setsid") }
      _exit(probe_take_signal(nil))
    }
    check(probe_set_mask(0), "rt_sigprocmask")
    return child
  }

  private mutating func start(_ command: [String], isPID1: Bool) -> pid_t {
    let (reader, writer) = makePipe()
    let child = check(isPID1 ? probe_fork_namespaces() : fork(), "fork")
    if child == 0 {
      close(writer)
      if isPID1 { check(probe_mount_proc(), "mount /proc") }
      var byte = 0 as UInt8
      _ = unsafe read(reader, &byte, 1)
      close(reader)
      become(command)
    }
    check(probe_trace(child), "ptrace")
    close(reader)
    close(writer)
    return child
  }

  private mutating func handleStop(of process: pid_t, _ status: Int32) {
    let signal = probe_stop_signal(status)
    var passed: Int32 = 0
    switch probe_stop_event(status) {
    case Int32(PTRACE_EVENT_EXEC.rawValue):
      if met == 0 && isProgram(process) {
        meet(process)
      } else if tracees.removeValue(forKey: process) != nil {
        _ = probe_trace_no_more(process)
        return
      }
    case Int32(PTRACE_EVENT_STOP.rawValue):
      if [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU].contains(signal) {
        _ = probe_trace_stopped(process)
        return
      }
      // A child that was forked before its parent executed PROGRAM runs another program.
      if tracees[process] == nil, let parent = parent(of: process), tracees[parent] != nil,
        isProgram(process)
      {
        meet(process)
      }
    case 0 where signal == SIGTRAP | 0x80: handleCall(of: process)
    case 0: passed = signal
    default: break
    }
    // It may have been killed meanwhile.
    _ =
      tracees[process] == nil
      ? probe_trace_freely(process, passed) : probe_trace_on(process, passed)
  }

  private mutating func meet(_ process: pid_t) {
    tracees[process] = Tracee(index: met)
    met += 1
  }

  private func isProgram(_ process: pid_t) -> Bool {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/\(process)/exe", &path, path.count - 1)
    return count > 0 && path[..<count].elementsEqual(program.utf8.map { CChar(bitPattern: $0) })
  }

  private mutating func handleCall(of process: pid_t) {
    let call = probe_traced_call(process)
    guard call >= 0 else {
      if call == -1, tracees[process]?.isFaulty == true, let fault {
        _ = probe_set_result(process, -fault.error)
        tracees[process]?.isFaulty = false
      }
      return
    }
    guard var tracee = tracees[process] else { return }
    let name = unsafe String(cString: probe_call_name(call))
    tracee.counts[name, default: 0] += 1
    lines.append("call \(tracee.index) \(name)")
    if let fault, fault.isMet(by: tracee.index, name, tracee.counts[name] ?? 0) {
      faults += 1
      if fault.error == 0 {
        hold()
      } else {
        _ = probe_skip_call(process)
        tracee.isFaulty = true
      }
    }
    tracees[process] = tracee
    calls += 1
    if calls == Tracer.limit {
      lines.append("spins")
      kill(process, SIGKILL)
    }
  }

  private func hold() {
    say("held")
    _ = wait { unsafe access("\(report).go", F_OK) == 0 }
  }

  private func writeReport() {
    let file = check(unsafe probe_create(report), "open \(report)")
    write(lines.joined(separator: "\n") + "\n", to: file)
    close(file)
  }

  private func isAlive(_ process: pid_t) -> Bool { stat(of: process).map { $0[0] != "Z" } ?? false }

  private func parent(of process: pid_t) -> pid_t? { stat(of: process).flatMap { pid_t($0[1]) } }

  /// The fields of `/proc/PID/stat`, from the state on.
  private func stat(of process: pid_t) -> [Substring]? {
    guard let stat = contents(of: "/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else {
      return nil
    }
    return stat[stat.index(after: end)...].split(separator: " ")
  }
}
