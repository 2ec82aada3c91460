import Supervision
import Testing

@Suite("Parsing of /proc/PID/stat")
struct ProcessStatusTests {
  @Test(
    "The state, the parent and the group are read whatever the process's name is",
    arguments: ["cat", "", " ", "a b", ")", "a) Z 1 1 (", ") R 1 2", "(((", "a\nb"])
  func names(name: String) throws {
    let status = try #require(ProcessStatus(text("12 (\(name)) S 7 12 12 0 -1 4194304 0\n")))
    #expect(!status.isZombie)
    #expect(status.parent.rawValue == 7)
    #expect(status.group.rawValue == 12)
  }

  @Test("A zombie is recognized by its state", arguments: "RSDTtXZPI")
  func zombie(state: Character) {
    #expect(ProcessStatus(text("12 (cat) \(state) 7 12"))?.isZombie == (state == "Z"))
  }

  @Test("A process is no zombie while a thread of it runs", arguments: 1...3)
  func threads(count: Int) {
    let line = "12 (a) Z 7 12 12 0 -1 4194304 104 0 0 0 0 0 0 0 20 0 \(count) 0 8675309 5 6"
    #expect(ProcessStatus(text(line))?.isZombie == (count == 1))
  }

  @Test("A thread of the kernel is recognized by its flags", arguments: [0, 0x20_8040, 0x40_0140])
  func kernelThread(flags: Int) {
    let status = ProcessStatus(text("2 (kthreadd) S 0 0 0 0 -1 \(flags) 0 0"))
    #expect(status?.isKernelThread == (flags == 0x20_8040))
  }

  @Test("The tick in which a process started is read, and nil where the line lacks it")
  func start() {
    let line = "12 (a) b) S 7 12 12 0 -1 4194304 104 0 0 0 0 0 0 0 20 0 1 0 8675309 5 6"
    #expect(ProcessStatus(text(line))?.start == Tick(rawValue: 8_675_309))
    #expect(ProcessStatus(text("12 (a) S 7 12 12 0 -1 4194304 104"))?.start == nil)
  }

  @Test("A line of /proc/PID/stat that is cut off after the group is accepted")
  func short() {
    #expect(ProcessStatus(text("1 (a) Z 0 4194303"))?.group.rawValue == 4_194_303)
  }

  @Test("A process that the kernel is releasing has neither parent nor group, and is not listed")
  func released() throws {
    let line = text("12 (a) X 0 -1 -1 0 -1 4194308 0 0 0 0 0 0 0 0 20 0 0 0 8675309 0 0")
    let status = try #require(ProcessStatus(line))
    #expect([status.parent, status.group] == [.invalid, .invalid])
    #expect(!status.isZombie)
    #expect(ListedProcess(ProcessID(rawValue: 12), line) == nil)
  }

  @Test(
    "A line that is not one of /proc/PID/stat is rejected",
    arguments: [
      "", ")", "1 (a)", "1 (a) ", "1 (a) S", "1 (a) S ", "1 (a) S 1", "1 (a) S x 1", "1 (a) S 1 ",
      "1 (a) S 1 x", "1 (a) S -1 1", "1 (a) S 1 4194304", "1 S 1 1",
    ])
  func rejected(line: String) {
    #expect(ProcessStatus(text(line)) == nil)
  }

  @Test("Whether a process ignores TSTP is read from the kernel's set of ignored signals")
  func ignored() {
    let head =
      "12 (a b) T 7 12 12 0 -1 4194304 0 1 2 3 4 5 6 7 20 0 1 0 99 1 2 3 4 5 6 7 8 0 65536 "
    for (set, ignores) in [("0", false), ("3670020", true), ("524288", true), ("4", false)] {
      #expect(ProcessStatus.ignores(.terminalStop, in: text(head + set + " 66564\n")) == ignores)
    }
    for line in ["", "12 (a b) T 7 12", head, head + "x 1"] {
      #expect(!ProcessStatus.ignores(.terminalStop, in: text(line)))
    }
  }

  @Test(
    "A number that is no valid process ID is rejected", arguments: ["", "-1", "x", "4194304", "1 "])
  func numbers(number: String) {
    #expect(ProcessID(text(number)) == nil)
    #expect(ProcessID(text("4194303"))?.rawValue == 4_194_303)
  }

  @Test(
    "A process that a signal has killed is recognized by its flags, or by a pending SIGKILL",
    arguments: [
      (0x40_0000, 0, false), (0x40_0404, 0, true), (0x40_0000, 256, true), (4, 255, false),
    ])
  func dying(flags: Int, pending: Int, isDying: Bool) {
    let line =
      "12 (a) R 7 12 12 0 -1 \(flags) 0 0 0 0 0 0 0 0 20 0 3 0 99 1024 77 1 1 1 1 0 0 \(pending) 0 0"
    let status = ProcessStatus(text(line))
    #expect(status?.isDyingOfSignal == isDying)
    #expect(status?.threads == 3)
    #expect(status?.pages == 77)
  }

  @Test(
    "The name of a process is read, whatever it is",
    arguments: ["cat", "", "a b", ")", "a) Z 1 (", "("])
  func name(name: String) {
    let status = ProcessStatus(text("12 (\(name)) S 7 12 12 0 -1 4194304 0\n"))
    #expect(status.map { ProcessName($0.name) } == ProcessName(text(name)))
  }

  @Test("A pending SIGKILL is found in /proc/PID/status")
  func pendingKill() {
    for (set, isPending) in [
      ("0000000000000000", false), ("0000000000000100", true), ("fffffffe7ffbfeff", false),
      ("0000000000000b00", true), ("0000000000000a00", false), ("", false),
    ] {
      let lines =
        "Name:\ta\nSigPnd:\t0000000000000100\nShdPnd:\t\(set)\nSigBlk:\t0000000000000100\n"
      #expect(ProcessStatus.hasPendingKill(text(lines)) == isPending, "\(set)")
    }
    #expect(!ProcessStatus.hasPendingKill(text("Name:\ta\n")))
    #expect(!ProcessStatus.hasPendingKill(text("")))
  }
}
