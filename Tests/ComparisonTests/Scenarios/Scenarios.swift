/// The areas of the comparison, in the page's order.
enum Area: String, CaseIterable {
  case signals = "Signals"
  case statuses = "Exit status"
  case transparency = "Transparency"
  case terminals = "Terminal"
  case jobs = "Jobs on a terminal"
  case shutdown = "Orphans and shutdown"
  case startupEnvironments = "Unusual start-up environments"
  case logging = "Logging"
  case binary = "Binary"

  var scenarios: [Scenario] {
    switch self {
    case .signals: Scenario.signals
    case .statuses: Scenario.statuses
    case .transparency: Scenario.transparency
    case .terminals: Scenario.terminals
    case .jobs: Scenario.jobs + Scenario.interactiveJobs
    case .shutdown: Scenario.shutdown
    case .startupEnvironments: Scenario.startupEnvironments
    case .logging: Scenario.logging
    case .binary: Scenario.binary
    }
  }
}

extension Scenario {
  static let all = Area.allCases.flatMap(\.scenarios)
}
