import CHeaders
import CLinux
import Supervision
import Testing

@Suite("Signal numbers")
struct SignalNumberTests {
  @Test(
    "The numbers of the signals that swinit names are those of the C headers",
    arguments: [
      (.hangup, SIGHUP), (.interrupt, SIGINT), (.quit, SIGQUIT), (.kill, SIGKILL),
      (.brokenPipe, SIGPIPE), (.terminate, SIGTERM), (.childChanged, SIGCHLD),
      (.continue, SIGCONT), (.stop, SIGSTOP), (.terminalStop, SIGTSTP),
      (.terminalInput, SIGTTIN), (.terminalOutput, SIGTTOU), (.fileSizeExceeded, SIGXFSZ),
    ] as [(Signal, Int32)])
  func named(signal: Signal, number: Int32) {
    #expect(signal.rawValue == number)
  }

  @Test("Only the codes of kill, tkill and the kernel identify a sender")
  func senders() {
    let process = ProcessID(rawValue: 7)
    for code in [c_code_of_kill(), c_code_of_tkill()] {
      #expect(ReceivedSignal.Sender(code: code, process: process) == .process(process))
      #expect(ReceivedSignal.Sender(code: code, process: ProcessID(rawValue: 0)) == .outside)
    }
    #expect(ReceivedSignal.Sender(code: c_code_of_kernel(), process: process) == .kernel)
    let known = [c_code_of_kill(), c_code_of_tkill(), c_code_of_kernel()]
    #expect(!known.contains(c_code_of_queue()))
    for code in [Int32.min, Int32.max] + Array(-128...256) where !known.contains(code) {
      #expect(ReceivedSignal.Sender(code: code, process: process) == .unknown)
    }
  }

  @Test(
    "The signal names that users write have the numbers of the C headers",
    arguments: [
      ("HUP", SIGHUP), ("INT", SIGINT), ("QUIT", SIGQUIT), ("ILL", SIGILL), ("TRAP", SIGTRAP),
      ("ABRT", SIGABRT), ("IOT", SIGIOT), ("BUS", SIGBUS), ("FPE", SIGFPE), ("KILL", SIGKILL),
      ("USR1", SIGUSR1), ("SEGV", SIGSEGV), ("USR2", SIGUSR2), ("PIPE", SIGPIPE),
      ("ALRM", SIGALRM), ("TERM", SIGTERM), ("STKFLT", SIGSTKFLT), ("CHLD", SIGCHLD),
      ("CLD", SIGCHLD), ("CONT", SIGCONT), ("STOP", SIGSTOP), ("TSTP", SIGTSTP),
      ("TTIN", SIGTTIN), ("TTOU", SIGTTOU), ("URG", SIGURG), ("XCPU", SIGXCPU),
      ("XFSZ", SIGXFSZ), ("VTALRM", SIGVTALRM), ("PROF", SIGPROF), ("WINCH", SIGWINCH),
      ("IO", SIGIO), ("POLL", SIGPOLL), ("PWR", SIGPWR), ("SYS", SIGSYS),
    ] as [(StaticString, Int32)])
  func readNames(name: StaticString, number: Int32) {
    #expect(Signal(Text(stringLiteral: name))?.rawValue == number)
  }

  @Test("Each signal is read by the C library's own name for it", arguments: 1...64)
  func libraryName(number: Int32) {
    guard let name = unsafe c_signal_name(number) else { return #expect(number >= 32) }
    #expect(unsafe Signal(Text(cString: name))?.rawValue == number)
  }

  @Test("The first and the last real-time signal are those of the C headers")
  func realTime() {
    #expect(Signal.realTimeMinimum.rawValue == c_first_real_time_signal())
    #expect(Signal.last.rawValue == c_last_real_time_signal())
    #expect(Signal.last.rawValue == c_last_signal())
  }

  @Test("The bit of each signal in a set is the C library's", arguments: 1...64)
  func bit(number: Int32) {
    // The C library does not add the two signals that it reserves.
    if number == 32 || number == 33 { return }
    #expect(c_is_set_of_signal(SignalSet(Signal(rawValue: number)).rawValue, number))
  }
}
