@testable import Supervision

extension Report {
  /// What a history has come to that has this report.
  var milestones: Set<Milestone> {
    switch self {
    case .killed: [.killedByOthers]
    case .outOfMemory(_, _, .observed, _, _): [.outOfMemory]
    case .outOfMemory(_, _, .inferred, _, _): [.victimInferred]
    case .outOfMemoryUnidentified(_, .killedWithGroup, _, _): [.killedWithControlGroup]
    case .outOfMemoryUnidentified: [.victimUnidentified]
    case .processLimitReached: [.processLimitReached]
    case .zombies(let count, _, _):
      count > 1 ? [.zombiesReported, .manyZombiesReported] : [.zombiesReported]
    case .exitReport(let summary), .summary(let summary):
      summary.isOutOfMemory ? [.summarized, .commandOutOfMemory] : [.summarized]
    default: []
    }
  }
}
