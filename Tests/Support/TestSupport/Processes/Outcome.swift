/// How a process ended.
package enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(by: Int32)

  package var description: String {
    switch self {
    case .exited(let status): "exited \(status)"
    case .killed(let signal): "killed by \(signal)"
    }
  }
}

extension String {
  /// Without what swinit adds to the message about a killed process if the kernel had killed others in the
  /// same control group, for lack of memory, before swinit was started.
  package var withoutEarlierKills: String {
    replacing(
      /; out of memory\? the kernel killed \d+ process(es that were| that was) not identified/,
      with: "")
  }

  /// Without the line that `-v` adds, in either format, where swinit watches a cgroup v2. When it comes
  /// depends on the machine's speed. The tests of the watch expect it.
  package var withoutWatch: String {
    replacing(/[^\n]*watching the control group's [^\n]*\n/, with: "")
  }
}

/// The ending and the output of a run.
package struct Outcome: Equatable {
  package let ending: Ending
  package var output = ""
  package var errors = ""

  package init(ending: Ending, output: String = "", errors: String = "") {
    self.ending = ending
    self.output = output
    self.errors = errors
  }
}
