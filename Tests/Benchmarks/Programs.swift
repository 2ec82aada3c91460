import Foundation

/// The measured programs and the measuring ones: found in PATH, or built.
struct Programs {
  /// All inits, swinit first.
  let contestants: [Contestant]
  /// A command of a few instructions.
  let noop: String
  /// A command that measures; see `Programs/command.c`.
  let command: String

  /// The package's directory.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Builds missing programs, with clang(1) and the musl of `musl-dev`.
  init() throws {
    let directory = Programs.package.appendingPathComponent(".build/benchmarks")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    noop = try Programs.compile("noop", into: directory, withLibrary: false)
    command = try Programs.compile("command", into: directory)
    let floor = try Programs.compile("floor", into: directory)
    let swinit = try Programs.findSwinit()
    let peers = [
      Contestant(
        name: "tini", path: "/usr/bin/tini", groupOption: "-g", subreaperOption: "-s"),
      Contestant(
        name: "tini-static", path: "/usr/bin/tini-static", groupOption: "-g", subreaperOption: "-s"),
      // With -c it also leaves the command in its own session. Where the scheduler groups processes
      // by session, which it does not do in containers, the init would otherwise reap late and in
      // batches.
      Contestant(name: "dumb-init", path: "/usr/bin/dumb-init", singleOption: "-c"),
      Contestant(name: "catatonit", path: "/usr/bin/catatonit", groupOption: "-g"),
    ].filter { FileManager.default.isExecutableFile(atPath: $0.path) }
    if peers.isEmpty { throw Failure("install tini, dumb-init or catatonit to compare with") }
    contestants =
      [Contestant(name: "swinit", path: swinit, role: .swinit)] + peers
      + [Contestant(name: "bare C", path: floor, groupOption: "-g", role: .floor)]
  }

  /// swinit and the other contestants.
  subscript(role: Contestant.Role) -> Contestant? { contestants.first { $0.role == role } }

  private static func findSwinit() throws -> String {
    if let named = ProcessInfo.processInfo.environment["SWINIT"], !named.isEmpty {
      return URL(fileURLWithPath: named).resolvingSymlinksInPath().path
    }
    let scratch = package.appendingPathComponent(".build-musl").path
    try Programs.run([
      "swift", "build", "-c", "release", "--package-path", package.path, "--product", "swinit",
      "--traits", "Musl", "--scratch-path", scratch,
    ])
    return URL(fileURLWithPath: scratch + "/release/swinit").resolvingSymlinksInPath().path
  }

  private static func compile(
    _ name: String, into directory: URL, withLibrary: Bool = true
  ) throws -> String {
    let source = package.appendingPathComponent("Tests/Benchmarks/Programs/\(name).c").path
    let program = directory.appendingPathComponent(name).path
    let machine = Machine.architecture
    let library = "/usr/lib/\(machine)-linux-musl/"
    var words = [
      "clang", "-Os", "-Wall", "-Werror", "-fno-stack-protector", "-static", "-nostdlib",
      "-nostdlibinc", "-fuse-ld=lld", "-s", "-isystem", "/usr/include/\(machine)-linux-musl",
      "-o", program,
    ]
    words += withLibrary ? ["crt1.o", "crti.o"].map { library + $0 } : []
    words.append(source)
    words += withLibrary ? ["libc.a", "crtn.o"].map { library + $0 } : []
    try run(words)
    return program
  }

  /// Runs a program in PATH, and gives its output, including standard error.
  @discardableResult
  static func run(_ words: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure("\(words.joined(separator: " ")) failed:\n\(said)")
    }
    return said
  }
}
