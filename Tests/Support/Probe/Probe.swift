import CProbe

/// The programs that the tests run above, below and beside swinit.
///
/// A *launcher* changes attributes of the process and then executes the command that follows it, as
/// `env` and `nohup` do. A *command* runs under swinit. The *nest* runs swinit.
///
/// This is the entry point: Swift's own reads the arguments from `/proc`, which may be missing.
/// SwiftPM links the executable with `main` defined as this symbol.
@c(Probe_main)
func enter(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  var words = (1..<max(Int(argumentCount), 1)).compactMap { index in
    unsafe arguments[index].map { unsafe String(cString: $0) }
  }[...]
  guard let name = words.popFirst() else { fail("no program is named") }
  let rest = Array(words)
  switch name {
  case "nest": Nest.run(rest)
  case "race-signals": race(rest)

  case "with-signals": executeWithSignals(rest)
  case "with-pending": executeWithPending(rest)
  case "with-silent-child": executeWithSilentChild(rest)
  case "with-zombie": executeWithZombie(rest)
  case "without-descriptors": executeWithoutDescriptors(rest)
  case "without-arguments": executeWithoutArguments(rest)
  case "with-odd-environment": executeWithOddEnvironment(rest)
  case "with-most-arguments": executeWithMostArguments(rest)

  case "with-fault": injectFault(rest)
  case "on-terminal": executeOnTerminal(rest)
  case "ready": sayReady(rest)
  case "with-stolen-terminal": stealTerminal(rest)
  case "with-own-terminal": takeOwnTerminal(rest)
  case "in-another-group": moveToAnotherGroup(rest)
  case "hold": hold(rest)
  case "in-a-job": executeInAJob(rest)
  case "in-the-foreground": executeInTheForeground(rest)
  case "resuming": resume(rest)
  case "timed": timeEnd(rest)
  case "beside-silent-mount": mountSilently(rest)

  case "members": runMembers(rest)
  case "tree": growTree()
  case "fork-bomb": explode()
  case "comets": flyComets(rest)
  case "ask": ask(rest)
  case "hold-exit": holdExit(rest)
  case "interrupt": interrupt(rest)
  case "secure": runSecure(rest)
  case "kill-all": killAll(rest)
  case "leave-zombies": leaveZombies(rest)
  case "leave-behind": leaveBehind(rest)
  case "leave": leave()
  case "abandon": abandon(rest)
  case "die": die(rest)
  case "orphan": makeOrphan(rest)
  case "orphans": makeOrphans(rest)
  case "signal-parent": signalParent(rest)
  case "forge-sender": forgeSender(rest)
  case "descriptors": listDescriptors()
  case "soak": soak(rest)
  case "storm": weatherStorm(rest)
  case "child-flood": floodWithChildSignals(rest)
  case "crowd": gatherCrowd(rest)
  case "look-at-all": lookAtAll()
  case "stop-loop": stopInALoop(rest)
  case "feast": feast(rest)
  case "leak": leakProcesses(rest)
  case "take-number": takeNumber(rest)
  case "leave-taker": leaveTaker()
  default: fail("there is no program '\(name)'")
  }
}
