/// Situations that must each occur in some history, or the simulation would prove less than it seems
/// to.
enum Milestone: CaseIterable {
  // Processes and signals.
  case processIDReused
  case orphanAdopted
  case childChangesCoalesced
  case severalZombies
  case realTimeSignalsQueued
  case commandLeftItsGroup
  case notPermitted
  case signalToZombieCommand
  case stopSignalToStoppedCommand
  case unknownStop
  case signalRewritten
  case signalDropped

  // Shutdown.
  case remainingGroupSignalled
  case descendantOutlivesCommand
  case statusMapped
  case broken
  case paused
  case descendantsSignalled
  case groupAlreadySignalled
  case forwardedToDescendants
  case gracePeriodOver
  case killedNamed
  case signalDelayed
  case delayReleased
  case daemonAwaited
  case forkedWhileKilled
  case lastDeadline
  case survivorNamed
  case exitedAtDeadline
  case blind

  // Reports.
  case unsettled
  case sweepBrokenOff
  case killedByOthers
  case outOfMemory
  case commandOutOfMemory
  case victimInferred
  case victimUnidentified
  case killedWithControlGroup
  case processLimitReached
  case zombiesReported
  case manyZombiesReported
  case zombiesReportedAgain
  case summarized
  case logged

  // The terminal.
  case terminalLent
  case terminalTakenBack
  case terminalWithoutForeground
  case terminalTakenForMember
  case jobInBackground
  case groupContinued
  case stopExamined
  case killedByKey
  case killedWithGroup
  case stoppedWithCommand
  case couldNotStop
  case terminalInput
}
