import Foundation
import TestSupport
import Testing

/// A database server, with its data and its socket in a directory of its own.
struct PostgreSQL {
  static let needs: [Need] = [
    .root, .feature("the package postgresql", isThere: programs != nil),
  ]

  let program: Program
  let directory: TemporaryDirectory

  /// Where Debian puts the programs of the newest version.
  private static let programs = try? FileManager.default
    .contentsOfDirectory(atPath: "/usr/lib/postgresql").max()
    .map { "/usr/lib/postgresql/\($0)/bin" }

  /// It refuses to be root's.
  private static let user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

  init() throws {
    directory = try TemporaryDirectory()
    try FileManager.default.setAttributes(
      [.ownerAccountName: "postgres"], ofItemAtPath: directory.path)
    let data = directory("data")
    try succeed(["cp", "--archive", try Self.cluster.get(), data])
    program = Program(
      command: Self.user + [
        "\(Self.programs ?? "")/postgres", "-D", data, "-k", directory.path,
        "-c", "listen_addresses=", "-c", "fsync=off",
      ],
      directory: directory)
  }

  /// A directory of data that nobody has used; to make one takes longer than to copy it.
  private static let cluster = Result {
    let directory = try Workspace.newDirectory("postgresql")
    try FileManager.default.setAttributes(
      [.ownerAccountName: "postgres"], ofItemAtPath: directory.path)
    try succeed(
      user + ["\(programs ?? "")/initdb", "--no-sync", "--auth=trust", "-D", directory.path])
    return directory.path
  }

  /// What it answers; nil if it doesn't.
  func ask(_ query: String) throws -> String? {
    let outcome = try run(client(query))
    return outcome.status == 0 ? outcome.output.trimmingCharacters(in: .newlines) : nil
  }

  /// A session that is in the middle of a query, and would be for long.
  func session() throws -> Run {
    let session = try Run(client("select pg_sleep(1000)"))
    try session.wait(until: "the query is under way") {
      try ask("select count(*) from \(Self.sessions)") == "1"
    }
    return session
  }

  /// Ends the sessions that `session` began.
  func cancelSessions() throws {
    _ = try ask("select pg_cancel_backend(pid) from \(Self.sessions)")
  }

  func waitUntilReady(_ run: Run) throws {
    try run.wait(until: "PostgreSQL answers") { try ask("select 1") == "1" }
  }

  private static let sessions =
    "pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"

  private func client(_ query: String) -> [String] {
    [
      "\(Self.programs ?? "")/psql", "--no-psqlrc", "-At", "-h", directory.path, "-U", "postgres",
      "-c", query,
    ]
  }
}
