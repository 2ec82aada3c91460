import Foundation
import Pages
import TestSupport
import Testing

extension EngineTests {
  @Suite("Dockerfiles") struct DockerfileTests {
    @Test(
      "The project's Dockerfile builds an image that contains only swinit, which runs, and the notices"
    )
    func ownImage() throws {
      let client = try podmanClient()
      let image = try BuiltImage.get(client)
      let archive = try Workspace.newFile("image.tar").path
      defer { try? FileManager.default.removeItem(atPath: archive) }
      let container = try succeed(client + ["create"] + ImageEngine.confinement + [image, "x"])
      defer { _ = try? run(client + ["rm", container]) }
      try succeed(client + ["export", "--output", archive, container])
      let files = try succeed(["tar", "-tf", archive]).split(separator: "\n")
        .filter { !$0.hasSuffix("/") }
      #expect(files.sorted() == ["swinit", "usr/share/doc/swinit/copyright"])
      let version = try succeed(
        client + ["run", "--rm", "--entrypoint", "/swinit"] + ImageEngine.confinement
          + [image, "--version"])
      #expect(version.hasPrefix("tini version "))
    }

    @Test(
      "The project's Dockerfile builds an arm64 image with the released file on any machine",
      .tags(.holdsWithoutSwinit))
    func foreignImage() throws {
      let client = try podmanClient()
      let image = "localhost/\(Workspace.token)/swinit:arm64"
      // This version of podman does not detect the platform that it runs on.
      try BuiltImage.build(
        client, name: image,
        options: [
          "--platform", "linux/arm64", "--build-arg", "BUILDPLATFORM=linux/\(Image.architecture)",
        ])
      let container = try succeed(
        client + ["create", "--platform", "linux/arm64"] + ImageEngine.confinement + [image, "x"])
      defer { _ = try? run(client + ["rm", container]) }
      let copy = try Workspace.newFile("copy").path
      try succeed(client + ["cp", "\(container):/swinit", copy])
      #expect(FileManager.default.contentsEqual(atPath: copy, andPath: BuiltImage.released))
    }

    @Test("podman builds a user's Dockerfile that copies swinit from the image")
    func podman() throws {
      let client = try podmanClient()
      let from = try BuiltImage.get(client)
      let built = "localhost/\(Workspace.token)/user:1"
      try succeed(
        client + [
          "build", "--pull=never", "--network=none", "--cgroup-parent", "/\(Workspace.token)",
          "--tag", built,
        ]
          + [try userContext(from)])
      try expectServes(client, built)
    }

    @Test(
      "docker builds a user's Dockerfile that copies swinit from the image, with and without BuildKit",
      arguments: ["0", "1"])
    func docker(buildKit: String) throws {
      try require(Docker.needs, for: "docker")
      let from = try BuiltImage.get(try podmanClient())
      let client = ["env", "DOCKER_BUILDKIT=\(buildKit)"] + (try Docker.client())
      try BuiltImage.copyToDocker(client)
      let built = "localhost/\(Workspace.token)/user:\(buildKit)"
      let output = try succeed(
        client + ["build", "--network=none", "--tag", built, try userContext(from)])
      #expect(output.contains(buildKit == "1" ? "#1 [internal] load" : "Step 1/5 :"))
      try expectServes(client, built)
    }

    private func podmanClient() throws -> [String] {
      try require(
        Need.always + Podman.initPath.needs + [BuiltImage.need], for: "the build of a Dockerfile")
      return try Podman.root.client()
    }

    /// A build context with the Dockerfile that README shows.
    private func userContext(_ from: String) throws -> String {
      let context = try Workspace.newDirectory("context")
      let command = #"["sh", "-c", "cat /proc/1/comm; exit 7"]"#
      let text = try Readme.recipe("From the image", "dockerfile")
        .replacing(/ghcr\.io\/\S+/, with: from)
        .replacing("FROM debian", with: "FROM \(Image.plain)")
        .replacing(#"["my-server"]"#, with: command)
      try Data(text.utf8).write(to: context.appending(path: "Dockerfile"))
      return context.path
    }

    private func expectServes(_ client: [String], _ image: String) throws {
      let outcome = try run(client + ["run", "--rm"] + ImageEngine.confinement + [image])
      #expect(outcome.status == 7)
      #expect(outcome.output == "swinit\n")
    }
  }
}

/// The image that the project's Dockerfile builds. Instead of the toolchain's image, the build uses
/// this machine's own directories, mounted read-only.
enum BuiltImage {
  static let need = Need.feature(
    "swift on PATH, and the files that .ci/release .build-release downloads and builds",
    isThere: toolchain != nil && FileManager.default.fileExists(atPath: sysroot)
      && FileManager.default.fileExists(atPath: released))

  /// The released file for arm64.
  static let released = packageDirectory.appending(path: ".build-release/swinit-linux-arm64").path

  /// The files that the build would download: it has no network.
  private static let sysroot = packageDirectory.appending(path: ".build-sysroot").path

  private static let name = "localhost/\(Workspace.token)/swinit:1"
  private static let made = Once<String>()
  private static let base = Once<String>()

  /// Builds the image with podman and gives its name.
  static func get(_ podman: [String]) throws -> String {
    try made.get {
      guard !StandIn.isUsed else { return try buildOfStandIn(podman) }
      try build(podman, name: name)
      return name
    }
  }

  static func build(_ podman: [String], name: String, options: [String] = []) throws {
    let base = try base.get { try standIn(podman) }
    let mounts = try mounted().flatMap { ["--volume", "\($0):\($0):ro"] }
    try succeed(
      podman + [
        "build", "--pull=never", "--network=none",
        // The build runs in this cgroup itself, which then may have no children.
        "--cgroup-parent", "/\(Workspace.token)/\(Workspace.newName("build"))",
        "--build-arg", "SWIFT_IMAGE=\(base)", "--tag", name,
      ] + options + mounts + [packageDirectory.path], within: .seconds(600))
  }

  private static func buildOfStandIn(_ podman: [String]) throws -> String {
    let context = try Workspace.newDirectory("context")
    try FileManager.default.copyItem(
      at: Workspace.swinit, to: context.appending(path: "swinit"))
    let text = "FROM scratch\nCOPY swinit /swinit\nENTRYPOINT [\"/swinit\", \"--\"]\n"
    try Data(text.utf8).write(to: context.appending(path: "Dockerfile"))
    try succeed(
      podman + ["build", "--cgroup-parent", "/\(Workspace.token)", "--tag", name, context.path])
    return name
  }

  static func copyToDocker(_ docker: [String]) throws {
    let file = try Workspace.newFile("saved.tar").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try FileManager.default.removeItem(atPath: file)
    try succeed(try Podman.root.client() + ["save", "--output", file, name])
    try succeed(docker + ["load", "--input", file])
  }

  /// The directory with `usr/bin/swift` in it.
  private static let toolchain: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let swift = path.split(separator: ":").map { "\($0)/swift" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return swift.map { URL(filePath: $0).resolvingSymlinksInPath() }
      .map { $0.deletingLastPathComponent().deletingLastPathComponent().path }
  }()

  private static func mounted() throws -> [String] {
    guard let toolchain else { throw Failure("no swift on PATH") }
    return ["/usr", sysroot] + (toolchain.hasPrefix("/usr") ? [] : [toolchain])
  }

  /// An image of empty directories, and of the links that this machine has beside `/usr`.
  private static func standIn(_ podman: [String]) throws -> String {
    let root = try Workspace.newDirectory("stand-in")
    let files = FileManager.default
    for name in ["usr", "tmp", "etc", "proc", "dev", "sys", "root", "run", "var/tmp"] {
      try files.createDirectory(at: root.appending(path: name), withIntermediateDirectories: true)
    }
    for name in ["bin", "sbin", "lib", "lib64"] {
      let link = root.appending(path: name).path
      try files.createSymbolicLink(atPath: link, withDestinationPath: "usr/\(name)")
    }
    try files.copyItem(atPath: "/etc/ld.so.cache", toPath: root.path + "/etc/ld.so.cache")
    let archive = try Workspace.newFile("stand-in.tar").path
    try succeed(["tar", "-C", root.path, "-cf", archive, "."])
    let image = "localhost/\(Workspace.token)/toolchain:1"
    let path = "PATH=\(toolchain ?? "/usr")/bin:/usr/bin:/bin"
    try succeed(
      podman + [
        "import", "--change", "ENV \(path)", "--change", "ENV MUSL_SYSROOT=\(sysroot)", archive,
        image,
      ])
    return image
  }
}
