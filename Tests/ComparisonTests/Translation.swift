import Foundation
import Glibc
import TestSupport
import Testing

/// A command line of another init, and the one of swinit with which signals and exit status are the
/// same.
struct Translation: CustomTestStringConvertible {
  let before: Trial
  let now: Trial

  static let all = Place.available.flatMap { place in
    [
      (.tini, [], ["-c"], []),
      (.tini, ["-g"], [], []),
      (.tini, ["-s", "-g", "-w"], ["-w"], []),
      (.tini, ["-g", "-e", "143"], ["-e", "143"], []),
      (.tini, ["-g", "-p", "SIGTERM"], ["-p", "SIGTERM"], []),
      (.tini, [], [], ["TINI_KILL_PROCESS_GROUP=1", "TINI_SUBREAPER=1"]),
      (.dumbInit, [], [], []),
      (.dumbInit, ["-c"], ["-c"], []),
      (.dumbInit, ["-r", "15:3", "-r", "1:0"], ["-r", "TERM:QUIT", "-r", "HUP:0"], []),
      (.dumbInit, [], [], ["DUMB_INIT_SETSID=0"]),
      (.catatonit, [], ["-c"], []),
      (.catatonit, ["-g"], [], []),
    ].map { Translation(subject: $0, before: $1, now: $2, environment: $3, place) }
  }

  private init(
    subject: Subject, before: [String], now: [String], environment: [String], _ place: Place
  ) {
    self.before = Trial(
      subject: subject, place: place, options: before, environment: environment)
    self.now = Trial(subject: .swinit, place: place, options: now, environment: environment)
  }

  var testDescription: String { "\(line) as \(before.place.rawValue)" }

  /// A row of README.
  var line: String { "| `\(before.commandLine)` | `\(now.commandLine)` |" }

  static var lines: [String] {
    ["| before | now |", "|---|---|"] + all.filter { $0.before.place == .plain }.map(\.line)
  }
}

extension Trial {
  fileprivate var commandLine: String {
    (environment + [subject.rawValue] + options).joined(separator: " ")
  }

  /// The signals that each member receives on SIGTERM, and the init's exit status after SIGTERM.
  func portrait() throws -> [String] {
    let run = try #require(try members(3))
    try run.signal(SIGTERM)
    let ending = try self.run("sh", "-c", "kill -TERM $$").ending()
    return try reactions(of: 3, run) + ["\(ending)"]
  }
}
