/// What some histories come to. All of it must come about in one or the other, or the simulation
/// would prove less than it seems to.
enum Milestone: CaseIterable {
  // Processes and signals.
  case numberUsedAgain
  case orphanAdopted
  case childChangesCoalesced
  case severalZombies
  case realTimeSignalsQueued
  case commandLeftItsGroup
  case notPermitted
  case signalToZombieCommand
  case stoppedCommandAskedToEnd
  case unknownStop
  case signalRewritten
  case signalDropped

  // The end.
  case restOfGroupCleared
  case othersOutliveCommand
  case statusMapped
  case broken
  case paused
  case remainderTold
  case groupToldBefore
  case remainderForwardedTo
  case graceOver
  case killedNamed
  case signalDelayed
  case delayReleased
  case daemonAwaited
  case forkedWhileKilled
  case lastDeadline
  case endedAtDeadline
  case blind

  // What people are told.
  case unsettled
  case sweepBrokenOff
  case killedByOthers
  case outOfMemory
  case commandOutOfMemory
  case zombiesTold
  case manyZombiesTold
  case zombiesToldAgain
  case summarized
  case logged

  // The terminal.
  case terminalLent
  case terminalTakenBack
  case terminalOfNobody
  case terminalTakenForMember
  case jobInBackground
  case groupContinued
  case stopExamined
  case diedOfKey
  case diedWithGroup
  case stoppedLikeCommand
  case couldNotStop
  case terminalInput
}
