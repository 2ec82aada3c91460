import TestSupport
import Testing

@Suite("Transparency", .mostlyWaits) struct TransparencyTests {
  @Test(
    "The command starts with the signal mask and the ignored signals that swinit was started with",
    arguments: Place.available, InheritedSignals.all)
  func signals(at place: Place, _ inherited: InheritedSignals) throws {
    let read = ["sed", "-n", "/^Sig[BIC]/p", "/proc/self/status"]
    let lines = """
      SigBlk:\t\(inherited.blocked.padded)
      SigIgn:\t\(inherited.ignored.padded)
      SigCgt:\t\((0 as UInt64).padded)

      """
    let start = [probe, "with-signals", inherited.blocked.padded, inherited.ignored.padded]
    // The probe must have set them first.
    let without = try Run(place.wrapper + start + read).outcome()
    try #require(without == Outcome(ending: .exited(0), output: lines))
    let with = try Run(place.wrapper + start + [Swinit.path] + read).outcome()
    #expect(with.ending == without.ending)
    // glibc's posix_spawn ignores 32 and 33, and does not block them.
    let kept: UInt64 = Swinit.isMusl ? ~0 : ~(3 << 31)
    #expect(masks(in: with.output).map { $0 & kept } == masks(in: without.output).map { $0 & kept })
  }

  /// The masks that `/proc/PID/status` writes.
  private func masks(in lines: String) -> [UInt64] {
    lines.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
  }

  @Test(
    "The command has the environment, descriptors, directory, limits and umask that it would have without swinit",
    arguments: Place.available,
    [
      (["env", "-C", "/usr/bin"], ["pwd"]),
      ([probe, "with-odd-environment"], ["/bin/cat", "/proc/self/environ"]),
      (["env", "-i"], ["/bin/cat", "/proc/self/environ"]),
      (["env", "LISTEN_PID=77777", "LISTEN_FDS=2"], ["/bin/cat", "/proc/self/environ"]),
      (
        ["sh", "-c", "exec 3</etc/passwd 7</dev/null 9</etc; exec \"$@\"", "sh"],
        [probe, "descriptors"]
      ),
      ([probe, "without-descriptors", "0"], [probe, "descriptors"]),
      ([probe, "without-descriptors", "02"], [probe, "descriptors"]),
      (
        ["sh", "-c", "ulimit -n 99; ulimit -c 0; exec \"$@\"", "sh"], ["cat", "/proc/self/limits"]
      ),
      (["sh", "-c", "umask 031; exec \"$@\"", "sh"], ["grep", "Umask", "/proc/self/status"]),
      (["nice", "-n", "5"], ["nice"]),
    ] as [([String], [String])])
  func otherAttributes(at place: Place, _ example: (launcher: [String], command: [String])) throws {
    let without = try Run(place.wrapper + example.launcher + example.command).outcome()
    try #require(without.ending == .exited(0))
    let with = try Run(place.wrapper + example.launcher + [Swinit.path] + example.command).outcome()
    #expect(with == without)
  }

  /// Signals that were blocked or ignored when swinit was started.
  struct InheritedSignals: CustomTestStringConvertible {
    let testDescription: String
    let blocked: UInt64
    let ignored: UInt64

    static let all = [
      InheritedSignals(testDescription: "none", blocked: 0, ignored: 0),
      InheritedSignals(testDescription: "all blocked", blocked: possible, ignored: 0),
      InheritedSignals(testDescription: "all ignored", blocked: 0, ignored: possible & ~child),
      InheritedSignals(testDescription: "32 to 34 blocked", blocked: 0x3_8000_0000, ignored: 0),
      InheritedSignals(testDescription: "32 to 34 ignored", blocked: 0, ignored: 0x3_8000_0000),
      InheritedSignals(testDescription: "nohup", blocked: 0, ignored: 1),
      InheritedSignals(
        testDescription: "some of each", blocked: 0x5555_5555_5555_5555 & possible,
        ignored: 0x3333_3333_3333_3333 & possible & ~child),
      InheritedSignals(
        testDescription: "the others", blocked: 0xaaaa_aaaa_aaaa_aaaa & possible,
        ignored: 0xcccc_cccc_cccc_cccc & possible & ~child),
    ]

    /// All but KILL and STOP.
    private static let possible = 0xffff_ffff_fffb_feff as UInt64
    private static let child = 0x1_0000 as UInt64
  }
}

extension UInt64 {
  fileprivate var padded: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
