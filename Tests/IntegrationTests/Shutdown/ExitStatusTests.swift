import TestSupport
import Testing

@Suite struct ExitStatusTests {
  /// swinit leaves with COMMAND's own status, whichever of 256 it is.
  @Test(arguments: Place.available)
  func isThatOfCOMMAND(at place: Place) throws {
    try expectSilence(of: "\"$@\" sh -c \"exit $i\"", toGive: "$i", at: place)
  }

  /// `--exit-code FROM:TO` reports FROM as TO, for every FROM.
  @Test(arguments: Place.available)
  func isMappedFromAny(at place: Place) throws {
    let next = "$(((i + 1) % 256))"
    try expectSilence(of: "\"$@\" -e $i:\(next) sh -c \"exit $i\"", toGive: next, at: place)
  }

  /// `--exit-code FROM:TO` reports FROM as TO, for every TO.
  @Test(arguments: Place.available)
  func isMappedToAny(at place: Place) throws {
    try expectSilence(of: "\"$@\" -e 7:$i sh -c 'exit 7'", toGive: "$i", at: place)
  }

  /// swinit exits with 128+N when signal N killed COMMAND, for every N that can kill.
  @Test(arguments: Place.available)
  func tellsTheSignal(at place: Place) throws {
    for signal in Signals.deadly {
      let ending = try Run.swinit(probe, "die", "\(signal)", at: place).ending()
      #expect(ending == .exited(128 + signal))
    }
  }

  /// The status is the same when there is a core dump.
  @Test func tellsTheSignalOfACoreDump() throws {
    let directory = try TemporaryDirectory()
    let script = "ulimit -S -c $(ulimit -H -c); cd \(directory.path); kill -QUIT $$"
    try Run.swinit("sh", "-c", script, at: .plain).expect(ending: .exited(131))
  }

  /// `--exit-code` maps what is left of COMMAND, and only what it names.
  @Test(
    arguments: [
      (["-e", "143"], "kill -TERM $$", 0),
      (["-e143:5"], "kill -TERM $$", 5),
      (["--exit-code=3"], "exit 4", 4),
      (["--exit-code", "3", "--exit-code", "4:1"], "exit 4", 1),
      (["-e", "1:2", "-e", "2:3"], "exit 1", 2),
      (["-e", "127:0"], "exit 127", 0),
    ] as [([String], String, Int32)])
  func isMapped(by options: [String], script: String, to status: Int32) throws {
    let ending = try Run([Swinit.path] + options + ["--", "sh", "-c", script]).ending()
    #expect(ending == .exited(status))
  }

  /// `--exit-code` leaves swinit's own 125 to 127 alone.
  @Test(
    arguments: [
      (["-e", "127:0", "/nowhere/at/all"], 127), (["-e", "126:0", "/"], 126),
      (["-e", "125:0"], 125),
    ] as [([String], Int32)])
  func isNotMappedWhenItIsOfSwinit(words: [String], status: Int32) throws {
    let ending = try Run([Swinit.path] + words).ending()
    #expect(ending == .exited(status))
  }

  private func expectSilence(
    of command: String, toGive status: String, at place: Place,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let script = """
      i=0
      while [ $i -lt 256 ]; do
        \(command); status=$?
        [ $status = \(status) ] || echo "$i: $status"
        i=$((i + 1))
      done
      """
    let outcome = try Run.script(script, at: place).outcome()
    #expect(outcome == Outcome(ending: .exited(0)), sourceLocation: location)
  }
}
