/// The areas of the comparison, in README's order.
enum Area: String, CaseIterable {
  case signals = "Signals"
  case statuses = "Exit status"
  case transparency = "Unnoticed"
  case terminals = "Terminal"
  case jobs = "Job on a terminal"
  case ends = "Orphans and the end"
  case births = "Odd births"
  case words = "What it says"
  case file = "The file"

  var scenarios: [Scenario] {
    switch self {
    case .signals: Scenario.signals
    case .statuses: Scenario.statuses
    case .transparency: Scenario.transparency
    case .terminals: Scenario.terminals
    case .jobs: Scenario.jobs + Scenario.interactiveJobs
    case .ends: Scenario.ends
    case .births: Scenario.births
    case .words: Scenario.words
    case .file: Scenario.file
    }
  }
}

extension Scenario {
  static let all = Area.allCases.flatMap(\.scenarios)
}
