import TestSupport
import Testing

@Suite("The exit status", .mostlyWaits) struct ExitStatusTests {
  @Test(
    "swinit exits with the command's status, whichever of 256 it is", arguments: Place.available)
  func ofCommand(at place: Place) throws {
    try expectSilence(of: "\"$@\" sh -c \"exit $i\"", toGive: "$i", at: place)
  }

  @Test("--exit-code FROM:TO reports FROM as TO for every FROM", arguments: Place.available)
  func mappedFromAny(at place: Place) throws {
    let next = "$(((i + 1) % 256))"
    try expectSilence(of: "\"$@\" -e $i:\(next) sh -c \"exit $i\"", toGive: next, at: place)
  }

  @Test("--exit-code FROM:TO reports FROM as TO for every TO", arguments: Place.available)
  func mappedToAny(at place: Place) throws {
    try expectSilence(of: "\"$@\" -e 7:$i sh -c 'exit 7'", toGive: "$i", at: place)
  }

  @Test(
    "swinit exits with 128+N when signal N killed the command, for every N that can kill",
    arguments: Place.available)
  func ofSignal(at place: Place) throws {
    for signal in Signals.terminating {
      let ending = try Run.swinit(probe, "die", "\(signal)", at: place).ending()
      #expect(ending == .exited(128 + signal))
    }
  }

  @Test("swinit exits with 128+N when signal N killed the command and it dumped core")
  func ofCoreDump() throws {
    let directory = try TemporaryDirectory()
    let script = "ulimit -S -c $(ulimit -H -c); cd \(directory.path); kill -QUIT $$"
    try Run.swinit("sh", "-c", script, at: .plain).expect(ending: .exited(131))
  }

  @Test(
    "--exit-code maps the command's status once, and only the statuses that it names",
    arguments: [
      (["-e", "143"], "kill -TERM $$", 0),
      (["-e143:5"], "kill -TERM $$", 5),
      (["--exit-code=3"], "exit 4", 4),
      (["--exit-code", "3", "--exit-code", "4:1"], "exit 4", 1),
      (["-e", "1:2", "-e", "2:3"], "exit 1", 2),
      (["-e", "127:0"], "exit 127", 0),
    ] as [([String], String, Int32)])
  func mappedOnce(by options: [String], script: String, to status: Int32) throws {
    let ending = try Run([Swinit.path] + options + ["--", "sh", "-c", script]).ending()
    #expect(ending == .exited(status))
  }

  @Test(
    "--exit-code does not map swinit's own statuses 125 to 127",
    arguments: [
      (["-e", "127:0", "/nowhere/at/all"], 127), (["-e", "126:0", "/"], 126),
      (["-e", "125:0"], 125),
    ] as [([String], Int32)])
  func ownStatuses(arguments: [String], status: Int32) throws {
    let ending = try Run([Swinit.path] + arguments).ending()
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
