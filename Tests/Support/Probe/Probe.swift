import CProbe

/// The programs that the tests run above, below and beside swinit.
///
/// A *birth* changes how the process lives and then becomes the command that follows it, the way
/// `env` and `nohup` do. A *command* is what swinit runs. A *nest* is what the tests run swinit in.
///
/// This is the entry, since Swift's own looks for the arguments in `/proc`, which may not be there:
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

  case "with-signals": beBornWithSignals(rest)
  case "with-pending": beBornWithPending(rest)
  case "with-silent-child": beBornWithSilentChild(rest)
  case "with-zombie": beBornWithZombie(rest)
  case "without-descriptors": beBornWithoutDescriptors(rest)
  case "without-arguments": beBornWithoutArguments(rest)
  case "with-odd-environment": beBornWithOddEnvironment(rest)
  case "with-most-arguments": beBornWithMostArguments(rest)

  case "with-fault": injectFault(rest)
  case "on-terminal": beBornOnTerminal(rest)
  case "ready": sayReady(rest)
  case "with-stolen-terminal": stealTerminal(rest)
  case "in-a-job": beBornInAJob(rest)
  case "in-the-foreground": beBornInTheForeground(rest)
  case "resuming": resume(rest)
  case "timed": timeEnd(rest)
  case "beside-silent-mount": mountSilently(rest)

  case "members": runMembers(rest)
  case "tree": growTree()
  case "fork-bomb": explode()
  case "comets": flyComets(rest)
  case "ask": ask(rest)
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
  case "take-number": takeNumber(rest)
  case "leave-taker": leaveTaker()
  default: fail("there is no program '\(name)'")
  }
}
