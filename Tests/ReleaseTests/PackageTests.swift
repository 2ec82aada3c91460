import Foundation
import TestSupport
import Testing

/// What `.ci/run packages` makes beside the packages.
private enum Made {
  /// A Debian system.
  static let debian = Architecture.package.path + "/.build-debian"
  /// The validator of SPDX documents.
  static let validator = Architecture.package.path + "/.build-python/bin/pyspdxtools"
}

/// The packages that `.ci/package` made of the released files.
@Suite(
  "Packages", .serialized,
  .needs([
    .root, .program("lintian"), .program("rpm"), .program("rpmlint"), .program("cpio"),
    .program("python3"), .made(Architecture.release + "/swinit.spdx.json", by: ".ci/package"),
    .made(Made.debian, by: ".ci/run packages"), .made(Made.validator, by: ".ci/run packages"),
  ]))
struct PackageTests {
  private func contents(_ path: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path))
  }

  // MARK: - What is in them

  @Test(
    "Each package has the released binary, the manual page, completions and copyright notices",
    arguments: Package.all)
  func files(of package: Package) throws {
    let root = try package.unpack()
    let paths = try package.paths()
    for path in paths {
      let attributes = try FileManager.default.attributesOfItem(atPath: root(path))
      #expect(attributes[.size] as? Int ?? 0 > 0, "\(path)")
      #expect(attributes[.type] as? FileAttributeType == .typeRegular, "\(path)")
      if package.format != .wheel {
        let mode = path == paths[0] ? 0o755 : 0o644
        #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
      }
    }
    #expect(try contents(root(paths[0])) == contents(package.architecture.file))
    let copyright = try String(decoding: contents(root(paths[5])), as: UTF8.self)
    #expect(copyright.contains("The swinit authors"))
    #expect(copyright.contains("Rich Felker"))
  }

  @Test("Each package has the version that its binary prints", arguments: Format.allCases)
  func version(of format: Format) throws {
    let package = Package(format: format, architecture: .own)
    let root = try package.unpack()
    let version = try Package.version.get()
    let stated =
      switch format {
      case .deb: try succeed(["dpkg-deb", "--field", package.file(), "Version"])
      case .rpm: try succeed(["rpm", "-qp", "--queryformat", "%{version}\n", package.file()])
      case .apk: try succeed(["sed", "-n", "s/^pkgver = //p", root(".PKGINFO")])
      case .wheel:
        try succeed(["sed", "-n", "s/^Version: //p", root("swinit-\(version).dist-info/METADATA")])
      }
    #expect(stated == version + "\n")
    let binary = try #require(try package.paths().first)
    #expect(
      try succeed(["sh", "-c", "chmod +x \"$0\"; \"$0\" --version", root(binary)])
        .contains("(swinit \(version))"))
  }

  @Test("lintian finds no error in any deb", arguments: Package.all(.deb))
  func lintian(package: Package) throws {
    let output = try succeed([
      "lintian", "--fail-on", "error,warning", "--allow-root", package.file(),
    ])
    #expect(output.isEmpty, "\(output)")
  }

  @Test("rpmlint finds no error in any rpm", arguments: Package.all(.rpm))
  func rpmlint(package: Package) throws {
    let output = try succeed([
      "rpmlint", "--config", Architecture.package.path + "/.ci/packaging/rpmlint.toml",
      package.file(),
    ])
    #expect(output.contains(" 0 errors, 0 warnings"), "\(output)")
  }

  @Test("The files of each apk have the checksum that apk compares", arguments: Package.all(.apk))
  func apkChecksum(package: Package) throws {
    // An apk is a gzip stream with the metadata and one with the files. apk checks the second one.
    let script = """
      import hashlib, io, sys, tarfile, zlib
      data = open(sys.argv[1], "rb").read()
      stream = zlib.decompressobj(31)
      control = stream.decompress(data) + stream.flush()
      info = tarfile.open(fileobj=io.BytesIO(control)).extractfile(".PKGINFO").read().decode()
      hash = hashlib.sha256(stream.unused_data).hexdigest()
      assert f"datahash = {hash}" in info.splitlines(), info
      """
    try succeed(["python3", "-c", script, package.file()])
  }

  // MARK: - Installing them

  @Test("dpkg installs, runs and removes the deb on Debian without anything left behind")
  func deb() throws {
    let package = Package(format: .deb, architecture: .own)
    let directory = try TemporaryDirectory()
    // `find` lists what is neither dpkg's own nor of the kernel.
    let script = """
      set -eu
      mount -t tmpfs tmpfs "$1"
      mkdir "$1/upper" "$1/work" "$1/root"
      mount -t overlay -o "lowerdir=$0,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
      cp "$2" "$1/root/tmp/swinit.deb"
      exec chroot "$1/root" sh -euc '
        list() { find / -xdev ! -path "/var/lib/dpkg*" ! -path "/var/log*" ! -path "/tmp*" | sort; }
        list >/tmp/before
        dpkg -i /tmp/swinit.deb
        swinit -- sh -c "exit 7" || echo "status $?"
        dpkg --verify swinit
        dpkg --purge swinit
        list >/tmp/after
        diff /tmp/before /tmp/after && echo "nothing left"'
      """
    let output = try succeed([
      "unshare", "--mount", "sh", "-c", script, Made.debian, directory.path, package.file(),
    ])
    #expect(output.contains("\nstatus 7\n"), "\(output)")
    #expect(output.hasSuffix("nothing left\n"), "\(output)")
  }

  @Test("rpm installs, runs and removes the rpm without anything left behind")
  func rpm() throws {
    let package = Package(format: .rpm, architecture: .own)
    let directory = try TemporaryDirectory()
    let script = """
      set -eu
      rpm() { command rpm --root "$0" --dbpath /var/lib/rpm "$@"; }
      rpm --initdb
      rpm --install "$1"
      chroot "$0" /usr/bin/swinit -- /usr/bin/swinit --exit-code 0:7 -- /usr/bin/swinit --version ||
        echo "status $?"
      rpm --verify swinit
      rpm --erase swinit
      [ -z "$(find "$0/usr" ! -type d)" ] && ! rpm --query swinit && echo "nothing left"
      """
    let output = try succeed(["sh", "-c", script, directory.path, package.file()])
    #expect(output.contains("\nstatus 7\n"), "\(output)")
    #expect(output.hasSuffix("nothing left\n"), "\(output)")
  }

  @Test("pip installs the wheel, puts swinit on PATH, and removes it again")
  func wheel() throws {
    let package = Package(format: .wheel, architecture: .own)
    let directory = try TemporaryDirectory()
    func run(_ script: String) throws -> String {
      try succeed(
        ["sh", "-euc", script, Architecture.release], path: "\(directory.path)/bin:\(searchPath)")
    }
    try succeed(["python3", "-m", "venv", directory.path])
    _ = try run("pip install --quiet --no-index --find-links \"$0\" swinit")
    #expect(try run("swinit -- sh -c 'exit 7' || echo \"$?\"") == "7\n")
    #expect(try contents(directory("bin/swinit")) == contents(package.architecture.file))
    #expect(FileManager.default.fileExists(atPath: directory("share/man/man1/swinit.1")))
    _ = try run("pip uninstall --quiet --yes swinit")
    #expect(!FileManager.default.fileExists(atPath: directory("bin/swinit")))
    #expect(!FileManager.default.fileExists(atPath: directory("share/man/man1/swinit.1")))
  }

  @Test(
    "pip chooses the wheel of each platform, with glibc and with musl",
    arguments: Package.all(.wheel))
  func platforms(package: Package) throws {
    for platform in package.platforms {
      let directory = try TemporaryDirectory()
      try succeed([
        "python3", "-m", "pip", "download", "--quiet", "--no-index", "--only-binary=:all:",
        "--find-links", Architecture.release, "--platform", platform, "--dest", directory.path,
        "swinit",
      ])
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(try names.map { "\(Architecture.release)/\($0)" } == [package.file()])
    }
  }

  // MARK: - What goes with them

  @Test("SHA256SUMS has the checksums of all files")
  func checksums() throws {
    let verified = try succeed([
      "sh", "-c",
      "cd \"$0\" && sha256sum --check --strict --quiet SHA256SUMS && cut -c67- SHA256SUMS",
      Architecture.release,
    ])
    let files = try FileManager.default.contentsOfDirectory(atPath: Architecture.release)
    #expect(
      verified.split(separator: "\n").map(String.init)
        == files.sorted().filter { $0 != "SHA256SUMS" })
  }

  @Test(
    "Each released file has a second name, that of the machine in uname -m",
    arguments: [
      ("x86_64", .amd64), ("aarch64", .arm64), ("arm64v8", .arm64), ("riscv64", .riscv64),
      ("armv7l", .armv7), ("i686", .i386),
    ] as [(String, Architecture)])
  func names(machine: String, architecture: Architecture) throws {
    let file = "\(Architecture.release)/swinit-linux-\(machine)"
    #expect(try contents(file) == contents(architecture.file))
    #expect(FileManager.default.isExecutableFile(atPath: file))
  }

  @Test("The SBOM is valid SPDX 2.3, and names each released file, musl, libgcc and the compiler")
  func sbom() throws {
    let file = Architecture.release + "/swinit.spdx.json"
    try succeed([Made.validator, "--infile", file, "--version", "SPDX-2.3"])
    let sbom = try JSONDecoder().decode(SBOM.self, from: contents(file))
    let version = try Package.version.get()
    let versions = Dictionary(
      sbom.packages.map { ($0.name, $0.versionInfo) }, uniquingKeysWith: { $0 + "," + $1 })
    #expect(versions["swinit"] == version)
    let swift = try String(
      contentsOf: Architecture.package.appending(path: ".swift-version"), encoding: .utf8)
    #expect(versions["swift"] == swift.trimmingCharacters(in: .newlines))
    // musl's own word, which is in the library that was linked.
    let musl = try #require(versions["musl"])
    let library = Architecture.package.path + "/.build-sysroot/usr/lib/x86_64-linux-musl/libc.a"
    #expect(try succeed(["strings", library]).split(separator: "\n").contains(musl[...]))

    let names = try FileManager.default.contentsOfDirectory(atPath: Architecture.release)
      .filter { $0.hasPrefix("swinit-linux-") }.sorted()
    #expect(sbom.files.map(\.fileName) == names.map { "./\($0)" })
    for (file, name) in zip(sbom.files, names) {
      let sum = try succeed(["sha256sum", "\(Architecture.release)/\(name)"]).prefix(64)
      #expect(file.checksums.contains { $0.algorithm == "SHA256" && $0.checksumValue == sum })
      let linked = sbom.relationships
        .filter { $0.spdxElementId == file.SPDXID && $0.relationshipType == "STATIC_LINK" }
        .map(\.relatedSpdxElement)
      let isOf32Bits = ["386", "i686", "armv7", "armv7l"].contains { name.hasSuffix("-\($0)") }
      #expect(
        linked == ["SPDXRef-Package-musl"] + (isOf32Bits ? ["SPDXRef-Package-libgcc"] : []),
        "\(name)")
    }
  }

  @Test("Packages name the project's address")
  func address() throws {
    let address = try succeed(["cat", Architecture.package.path + "/.ci/address"])
    let deb = try Package(format: .deb, architecture: .own).file()
    #expect(try succeed(["dpkg-deb", "--field", deb, "Homepage"]) == address)
    let rpm = try Package(format: .rpm, architecture: .own).file()
    #expect(try succeed(["rpm", "-qp", "--queryformat", "%{url}\n", rpm]) == address)
  }
}

/// The parts of an SPDX document that are tested.
private struct SBOM: Decodable {
  struct Package: Decodable {
    let name: String
    let versionInfo: String
  }
  struct File: Decodable {
    struct Checksum: Decodable {
      let algorithm: String
      let checksumValue: String
    }
    let SPDXID: String
    let fileName: String
    let checksums: [Checksum]
  }
  struct Relationship: Decodable {
    let spdxElementId: String
    let relationshipType: String
    let relatedSpdxElement: String
  }
  let packages: [Package]
  let files: [File]
  let relationships: [Relationship]
}
