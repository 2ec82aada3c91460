import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let statuses = [
    Scenario(title: "exits with COMMAND's status", promise: "yes") { trial in
      try trial.reports([0, 1, 2, 7, 125, 126, 127, 128, 255].map { ("exit \($0)", $0) })
    },
    Scenario(title: "exits with 128+N when signal N killed COMMAND", promise: "yes") { trial in
      try trial.reports(
        [1, 6, 9, 11, 15, 32, 33, 34, 64].map { ("exec \(probe) die \($0)", 128 + $0) })
    },
    Scenario(
      title: "status when COMMAND isn't found", promise: "127",
      differences: [.dumbInit: "2", .catatonit: "1"]
    ) {
      try $0.status { _ in "/no/such/file" }
    },
    Scenario(
      title: "status when COMMAND's interpreter isn't found", promise: "127",
      differences: [.dumbInit: "2", .catatonit: "1"]
    ) {
      try $0.status { try $0.file("script", "#!/no/such/interpreter\n") }
    },
    Scenario(
      title: "status when COMMAND isn't executable", promise: "126",
      differences: [.dumbInit: "2", .catatonit: "1"]
    ) {
      try $0.status { try $0.file("file", "", mode: 0o644) }
    },
    Scenario(
      title: "status when COMMAND's name is too long or a loop of links", promise: "126",
      differences: [.tini: "1", .dumbInit: "2", .catatonit: "1"]
    ) {
      let long = try $0.status { _ in "/" + String(repeating: "n", count: 256) }
      let loop = try $0.status { directory in
        try FileManager.default.createSymbolicLink(
          atPath: directory("link"), withDestinationPath: directory("link"))
        return directory("link")
      }
      return long == loop ? long : "\(long), \(loop)"
    },
    Scenario(
      title: "names the missing interpreter", promise: "yes",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { trial in
      let directory = try TemporaryDirectory()
      let script = try directory.file("script", "#!/no/such/interpreter\n")
      let outcome = try trial.run(script).outcome()
      return outcome.errors.contains("/no/such/interpreter") ? "yes" : "no"
    },
    Scenario(title: "runs a script without `#!`", promise: "yes") { trial in
      let directory = try TemporaryDirectory()
      let ending = try trial.run(directory.file("script", "exit 7\n")).ending()
      return ending == .exited(7) ? "yes" : "no"
    },
    Scenario(
      title: "status when the init's own options are invalid", promise: "125",
      differences: [.tini: "1", .dumbInit: "1", .catatonit: "1"]
    ) { trial in
      let run = try Run(of: trial.subject.path, ["--no-such-option", "true"], at: trial.place)
      return try run.ending().summary
    },
    Scenario(
      title: "maps a status to 0", options: .all("-e", "143"), promise: "with `-e`",
      differences: [.dumbInit: "no", .catatonit: "no"]
    ) { try $0.reports([("kill -TERM $$", 0)]) },
    Scenario(
      title: "maps a status to another", options: .all("-e", "7:3"), promise: "with `-e`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.reports([("exit 7", 3)]) },
  ]
}

extension Trial {
  /// Whether the init exits with each of these statuses after the script before it.
  fileprivate func reports(_ statuses: [(script: String, status: Int32)]) throws -> String {
    let wrong = try statuses.filter {
      try run("sh", "-c", $0.script).ending() != .exited($0.status)
    }
    if wrong.isEmpty { return "yes" }
    return wrong.count == statuses.count
      ? "no" : "not " + wrong.map { "\($0.status)" }.joined(separator: ", ")
  }

  /// How the init exits with the command that `make` creates.
  fileprivate func status(_ make: (TemporaryDirectory) throws -> String) throws -> String {
    let directory = try TemporaryDirectory()
    return try run(make(directory)).ending().summary
  }
}

extension Ending {
  /// A status, or a description of another ending.
  var summary: String {
    switch self {
    case .exited(let status): "\(status)"
    case .killed: description
    }
  }
}
