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

  /// The directory of the programs of the newest version in Debian.
  private static let programs = try? FileManager.default
    .contentsOfDirectory(atPath: "/usr/lib/postgresql").max()
    .map { "/usr/lib/postgresql/\($0)/bin" }

  /// PostgreSQL refuses to run as root.
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

  /// An unused data directory: copying it is faster than creating one.
  private static let cluster = Result {
    let directory = try Workspace.newDirectory("postgresql")
    try FileManager.default.setAttributes(
      [.ownerAccountName: "postgres"], ofItemAtPath: directory.path)
    try succeed(
      user + ["\(programs ?? "")/initdb", "--no-sync", "--auth=trust", "-D", directory.path])
    return directory.path
  }

  /// The answer to a query; nil if there is none.
  func ask(_ query: String) throws -> String? {
    let outcome = try run(client(query))
    return outcome.status == 0 ? outcome.output.trimmingCharacters(in: .newlines) : nil
  }

  /// A session that runs a long query.
  func session() throws -> Run {
    let session = try Run(client("select pg_sleep(1000)"))
    try session.wait(until: "the query is running") {
      try ask("select count(*) from \(Self.sessions)") == "1"
    }
    return session
  }

  /// Cancels the sessions that `session` started.
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
