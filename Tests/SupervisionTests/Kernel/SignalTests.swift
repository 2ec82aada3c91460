@testable import Supervision
import Testing

@Suite("Signals")
struct SignalTests {
  /// The names of signals 1 to 31, as messages give them.
  static let names = [
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL",
    "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD",
    "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ",
    "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
  ]

  @Test("Each signal from 1 to 31 is written by its name", arguments: zip(1...31, names))
  func written(number: Int, name: String) {
    #expect(line { $0.append(Signal(rawValue: Int32(number))) } == name)
  }

  @Test("Each signal name is read with and without SIG, in any case", arguments: zip(1...31, names))
  func read(number: Int, name: String) {
    let short = String(name.dropFirst(3))
    let spellings = [
      name, short, name.lowercased(), short.lowercased(), "Sig" + short,
    ]
    for spelling in spellings { #expect(Signal(text(spelling))?.rawValue == Int32(number)) }
  }

  @Test(
    "Each signal number is read, and the name written for it is read as the same signal",
    arguments: 1...64)
  func roundTrip(number: Int32) {
    let signal = Signal(rawValue: number)
    #expect(Signal(text("\(number)")) == signal)
    #expect(Signal(text("00\(number)")) == signal)
    let written = line { $0.append(signal) }
    // The two signals that glibc reserves have no names.
    if number == 32 || number == 33 {
      #expect(written == "signal \(number)")
    } else {
      #expect(Signal(text(written)) == signal)
    }
  }

  @Test(
    "Alternative signal names are read",
    arguments: [
      ("IOT", 6), ("SIGIOT", 6), ("CLD", 17), ("sigcld", 17), ("POLL", 29),
    ] as [(String, Int32)])
  func aliases(name: String, number: Int32) {
    #expect(Signal(text(name))?.rawValue == number)
  }

  @Test("Real-time signals are read relative to RTMIN and RTMAX", arguments: 0...30)
  func realTime(offset: Int32) {
    for prefix in ["", "SIG", "sig"] {
      #expect(Signal(text("\(prefix)RTMIN+\(offset)"))?.rawValue == 34 + offset)
      #expect(Signal(text("\(prefix)rtmax-\(offset)"))?.rawValue == 64 - offset)
    }
    let written = offset == 0 ? "SIGRTMIN" : "SIGRTMIN+\(offset)"
    #expect(line { $0.append(Signal(rawValue: 34 + offset)) } == written)
  }

  @Test("RTMIN and RTMAX are read as the first and the last real-time signal")
  func realTimeEnds() {
    #expect(Signal(text("RTMIN")) == .realTimeMinimum)
    #expect(Signal(text("SIGRTMAX")) == .last)
  }

  @Test(
    "A text that names no signal is rejected",
    arguments: [
      "", " ", "0", "00", "65", "-1", "+1", "1.", "0x1", "99999999999999999999", "SIG",
      "SIGSIGTERM", "SIG15", "TERM ", " TERM", "TER", "TERMS", "HUP INT", "EXIT", "none",
      "T\u{0}RM", "ＴＥＲＭ", "RT", "RTMI", "RTMIN+", "RTMIN-", "RTMIN-1", "RTMIN1",
      "RTMIN+31", "RTMIN+-1", "RTMIN++1", "RTMIN+1 ", "RTMINX1", "RTMIN+99999999999999999999",
      "RTMAX+0", "RTMAX+1", "RTMAX-31", "RTMAX-", "RTMAX0", "RTMAXIMUM", "UNUSED", "SIGUNUSED",
    ])
  func rejected(name: String) {
    #expect(Signal(text(name)) == nil)
  }

  @Test("A number that is no signal's is written as a number")
  func unknown() {
    for number in [Int32.min, -1, 0, 32, 33, 65, Int32.max] {
      #expect(line { $0.append(Signal(rawValue: number)) } == "signal \(number)")
    }
  }

  @Test("All signals but KILL, STOP and CHLD can be forwarded")
  func forwarded() {
    let kept = (1...64).filter { !Signal(rawValue: $0).canBeForwarded }
    #expect(kept == [9, 17, 19])
  }

  @Test("A signal set has one bit for each of the kernel's signals", arguments: 1...64)
  func set(number: Int32) {
    let set = SignalSet(Signal(rawValue: number))
    #expect(set.rawValue == 1 << UInt64(number - 1))
    #expect(set.rawValue & SignalSet.all.rawValue == set.rawValue)
  }
}
