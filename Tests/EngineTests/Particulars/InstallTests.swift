import Foundation
import Pages
import TestSupport
import Testing

extension EngineTests {
  /// The Dockerfiles in README and INSTALL.md, with what `.ci/package` made of the released
  /// files. The addresses in them lead to this machine.
  @Suite("The documented ways to install swinit", .tags(.holdsWithoutSwinit)) struct InstallTests {
    @Test(
      "docker builds INSTALL.md's Dockerfile with a released file or package, and swinit is PID 1",
      arguments: ["From a released file", "From a package"])
    func docker(heading: String) throws {
      try require(Docker.needs + Release.needs, for: "docker")
      let client = ["env", "DOCKER_BUILDKIT=1"] + (try Docker.client())
      try expectBuilds(try Release.dockerfile(heading), client)
    }

    @Test(
      "podman builds INSTALL.md's Dockerfile with a released file or package, and swinit is PID 1",
      arguments: ["From a released file", "From a package"])
    func podman(heading: String) throws {
      try require(Podman.initPath.needs + Release.needs, for: "podman")
      try expectBuilds(
        try Release.dockerfile(heading), try Podman.root.client(), podmanOptions)
    }

    @Test("podman builds README's Dockerfile with the image that was made of the released files")
    func image() throws {
      try require(Podman.initPath.needs + Release.needs, for: "podman")
      let client = try Podman.root.client()
      let image = try buildImage(client)
      let text = try Release.dockerfile("From the image")
        .replacing(/ghcr\.io\/\S+/, with: image)
      try expectBuilds(text, client, podmanOptions)
    }

    @Test(
      "For each platform, the image that is made of the released files has their bytes and labels",
      arguments: [
        "linux/amd64": "amd64", "linux/arm64": "arm64", "linux/riscv64": "riscv64",
        "linux/arm/v7": "armv7", "linux/386": "386",
      ])
    func contents(platform: String, name: String) throws {
      try require(Podman.initPath.needs + Release.needs, for: "podman")
      let client = try Podman.root.client()
      let image = try buildImage(client, platform)
      let container = try succeed(
        client + ["create", "--platform", platform] + ImageEngine.confinement + [image, "x"])
      defer { _ = try? run(client + ["rm", container]) }
      let copy = try Workspace.newDirectory("copy").path
      for (path, file) in [
        ("/swinit", "swinit-linux-\(name)"), ("/usr/share/doc/swinit/copyright", "COPYRIGHT"),
      ] {
        try succeed(client + ["cp", "\(container):\(path)", "\(copy)/\(file)"])
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(copy)/\(file)", andPath: "\(Release.directory)/\(file)"))
      }
      #expect(FileManager.default.isExecutableFile(atPath: "\(copy)/swinit-linux-\(name)"))
      let json = try succeed(client + ["inspect", "--format", "{{json .Labels}}", image])
      let labels = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
      func label(_ name: String) -> String? { labels["org.opencontainers.image.\(name)"] }
      #expect(label("title") == "swinit")
      #expect(label("description")?.isEmpty == false)
      #expect(label("licenses") == "MIT")
      #expect(label("version") == Release.version)
      #expect(label("source") == Release.address)
      #expect(label("revision")?.wholeMatch(of: /[0-9a-f]{40}/) != nil)
    }

    @Test("A release has the image's tags X.Y.Z, X.Y, X and latest; a pre-release only its own")
    func tags() throws {
      let project = try Workspace.newDirectory("project")
      let source = packageDirectory.path
      try succeed(["cp", "-r", "\(source)/.ci", "\(source)/.git", project.path])
      let options = project.appending(path: "Sources/Supervision/Options")
      try FileManager.default.createDirectory(at: options, withIntermediateDirectories: true)
      func tags(of version: String) throws -> [String] {
        try Data("\"swinit \(version)\"".utf8).write(to: options.appending(path: "Version.swift"))
        let line = try succeed(
          ["env", "DOCKER=echo", "\(project.path)/.ci/image", project.path, "NAME"])
        return line.matches(of: /--tag=NAME:(\S+)/).map { String($0.1) }
      }
      #expect(try tags(of: "1.2.3") == ["1.2.3", "1.2", "1", "latest"])
      #expect(try tags(of: "1.2.3-rc.1") == ["1.2.3-rc.1"])
    }

    /// The build runs in this cgroup itself, which then may have no children.
    private var podmanOptions: [String] {
      ["--pull=never", "--cgroup-parent", "/\(Workspace.token)/\(Workspace.newName("build"))"]
    }

    /// Builds the image as `.ci/image` does, for one platform.
    private func buildImage(
      _ client: [String], _ platform: String = "linux/\(Image.architecture)"
    ) throws -> String {
      let name = "localhost/\(Workspace.token)/\(Workspace.newName("released"))"
      // Without permissions, as GitHub hands them from job to job.
      let files = try Workspace.newDirectory("files").path
      try succeed([
        "sh", "-c", "install -m 644 \"$0\"/swinit-linux-* \"$0\"/COPYRIGHT \"$1\"",
        Release.directory, files,
      ])
      // podman has no `buildx`, and builds for several platforms only into a manifest list.
      let script = try Workspace.newFile("podman").path
      let text = """
        #!/bin/bash
        shift
        exec \(client.map(\.quoted).joined(separator: " ")) "${@/linux\\/*/\(platform)}"

        """
      try Data(text.utf8).write(to: URL(filePath: script))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      try succeed(
        [
          "env", "DOCKER=\(script)", packageDirectory.appending(path: ".ci/image").path,
          files, name, "--network=none",
        ] + podmanOptions)
      return "\(name):\(Release.version)"
    }

    /// Expects that an image of these lines runs its command under swinit.
    private func expectBuilds(
      _ dockerfile: String, _ client: [String], _ options: [String] = []
    ) throws {
      let context = try Workspace.newDirectory("context")
      let debian = try Release.loadDebian(client)
      let command = #"CMD ["sh", "-c", "cat /proc/1/comm; exit 7"]"#
      let text = dockerfile.replacing("FROM debian", with: "FROM \(debian)")
        .replacing(#"CMD ["my-server"]"#, with: command)
      #expect(text.contains(command))
      try Data(text.utf8).write(to: context.appending(path: "Dockerfile"))
      let image = "localhost/\(Workspace.token)/\(Workspace.newName("installed")):1"
      try succeed(
        client + ["build", "--network=none", "--tag", image] + options + [context.path])
      let outcome = try run(client + ["run", "--rm"] + ImageEngine.confinement + [image])
      #expect(outcome.status == 7)
      #expect(outcome.output == "swinit\n")
    }
  }
}

/// What `.ci/package` made, on a server of this machine.
private enum Release {
  static let directory = packageDirectory.appending(path: ".build-release").path
  private static let debian = packageDirectory.appending(path: ".build-debian").path

  static let needs = [
    Need.feature(
      "the packages and the Debian system that .ci/run packages makes",
      isThere: [directory + "/swinit.spdx.json", debian]
        .allSatisfy { FileManager.default.fileExists(atPath: $0) }),
    .program("python3"),
  ]

  static let version = contents(
    packageDirectory.appending(path: ".ci/version").path, isScript: true)
  static let address = contents(packageDirectory.appending(path: ".ci/address").path)

  private static let server = Once<UInt16>()
  private static let archive = Once<String>()

  private static func contents(_ path: String, isScript: Bool = false) -> String {
    let command = isScript ? [path] : ["cat", path]
    return (try? succeed(command)) ?? ""
  }

  /// A Dockerfile of the pages, with this machine in place of the project's address.
  static func dockerfile(_ heading: String) throws -> String {
    let port = try server.get(serve)
    let text = try Readme.recipe(heading, "dockerfile")
    return text.replacing(address + "/", with: "http://127.0.0.1:\(port)/swinit/")
      .replacing("_amd64.deb", with: "_\(Image.architecture).deb")
  }

  /// Serves the files as the project's address does.
  private static func serve() throws -> UInt16 {
    let root = try Workspace.newDirectory("server")
    let release = root.appending(path: "swinit/releases/download")
    try FileManager.default.createDirectory(at: release, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: release.appending(path: "v\(version)").path, withDestinationPath: directory)
    let port = try Loopback.unusedPort()
    let job = try Job([
      "python3", "-m", "http.server", String(port), "--bind", "127.0.0.1", "--directory", root.path,
    ])
    Daemons.onFinish { job.kill() }
    try eventually("the server answers") {
      Loopback.ask(port, "HEAD / HTTP/1.0\r\n\r\n") != nil
    }
    return port
  }

  /// Loads the Debian system as an image.
  static func loadDebian(_ client: [String]) throws -> String {
    let file = try archive.get {
      let file = try Workspace.newFile("debian.tar").path
      try succeed(["tar", "-C", debian, "--numeric-owner", "-cf", file, "."])
      return file
    }
    let name = "localhost/\(Workspace.token)/debian:1"
    try succeed(client + ["import", file, name])
    return name
  }
}
