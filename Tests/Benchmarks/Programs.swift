import Foundation
import Pages

/// The measured programs and the measuring ones: found in PATH, or built.
struct Programs {
  /// All inits, swinit first.
  let contestants: [Contestant]
  /// A command of a few instructions.
  let noop: String
  /// A command that measures; see `Programs/command.c`.
  let command: String

  /// Where the programs are built.
  static let directory = packageDirectory.appending(path: ".build/benchmarks")

  /// Builds missing programs, with clang(1) and the musl of `musl-dev`.
  init() throws {
    let directory = Programs.directory
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    noop = try Programs.compile("noop", options: ["-nostdlib", "-static"])
    command = try Programs.compile("command", options: Programs.musl)
    let floors = try [
      (Contestant.Build.musl, Programs.musl + Programs.asSwinit), (.staticGlibc, ["-static"]),
      (.sharedGlibc, []),
    ].map { build, options in
      Contestant(
        name: "bare C, \(build.rawValue)",
        path: try Programs.compile("floor", as: "floor-\(build)", options: options),
        groupOption: "-g", role: .floor, build: build)
    }
    let swinit = try Programs.findSwinit()
    let peers = [
      Contestant(
        name: "tini", path: "/usr/bin/tini", groupOption: "-g", subreaperOption: "-s",
        build: .sharedGlibc),
      Contestant(
        name: "tini-static", path: "/usr/bin/tini-static", groupOption: "-g", subreaperOption: "-s",
        build: .staticGlibc),
      // With -c it also leaves the command in its own session. Where the scheduler groups processes
      // by session, which it does not do in containers, the init would otherwise reap late and in
      // batches.
      Contestant(
        name: "dumb-init", path: "/usr/bin/dumb-init", singleOption: "-c", build: .sharedGlibc),
      Contestant(
        name: "catatonit", path: "/usr/bin/catatonit", groupOption: "-g", build: .staticGlibc),
    ].filter { FileManager.default.isExecutableFile(atPath: $0.path) }
    if peers.isEmpty { throw Failure("install tini, dumb-init or catatonit to compare with") }
    let all = [Contestant(name: "swinit", path: swinit, role: .swinit)] + peers + floors
    contestants = Contestant.Build.allCases.flatMap { build in all.filter { $0.build == build } }
  }

  var swinit: Contestant? { contestants.first { $0.role == .swinit } }

  private static func findSwinit() throws -> String {
    if let named = ProcessInfo.processInfo.environment["SWINIT"], !named.isEmpty {
      return URL(fileURLWithPath: named).resolvingSymlinksInPath().path
    }
    let scratch = packageDirectory.appending(path: ".build-musl").path
    try Programs.run([
      "swift", "build", "-c", "release", "--package-path", packageDirectory.path, "--product",
      "swinit",
      "--traits", "Musl", "--scratch-path", scratch,
    ])
    return URL(fileURLWithPath: scratch + "/release/swinit").resolvingSymlinksInPath().path
  }

  /// Options for linking with musl, as Debian installs it.
  private static let musl: [String] = {
    let machine = Machine.architecture
    let files = ["crt1.o", "crti.o", "libc.a", "crtn.o"].map {
      "/usr/lib/\(machine)-linux-musl/\($0)"
    }
    return [
      "-static", "-nostdlib", "-nostdlibinc", "-isystem", "/usr/include/\(machine)-linux-musl",
    ] + files
  }()

  /// What swinit's build adds: the whole program is optimized for size at once, and its layout.
  private static let asSwinit = [
    "-flto", "-fomit-frame-pointer", "-Wl,--gc-sections,-O2,-z,norelro,--build-id=none",
    "-Wl,-mllvm,-min-jump-table-entries=1000,-mllvm,-enable-machine-outliner=always",
    "-Wl,-T,\(packageDirectory.appending(path: "Sources/CLinux/layout.ld").path)",
  ]

  private static func compile(
    _ source: String, as name: String? = nil, options: [String]
  ) throws -> String {
    let source = packageDirectory.appending(path: "Tests/Benchmarks/Programs/\(source).c")
    let program = directory.appending(
      path: name ?? source.deletingPathExtension().lastPathComponent)
    try run(
      [
        "clang", "-Os", "-Wall", "-Werror", "-fno-stack-protector", "-fuse-ld=lld", "-s", "-o",
        program.path, source.path,
      ] + options)
    return program.path
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
