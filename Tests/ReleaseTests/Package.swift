import Foundation
import TestSupport
import Testing

/// A kind of package that `.ci/package` makes.
enum Format: String, CaseIterable, CustomTestStringConvertible {
  case deb
  case rpm
  case apk
  case wheel

  var testDescription: String { rawValue }
}

/// The package of a format for an architecture.
struct Package: CustomTestStringConvertible {
  let format: Format
  let architecture: Architecture

  static let all = Format.allCases.flatMap { format in
    Architecture.allCases.map { Package(format: format, architecture: $0) }
  }

  static func all(_ format: Format) -> [Package] { all.filter { $0.format == format } }

  var testDescription: String { "\(format.rawValue) for \(architecture.rawValue)" }

  /// The version that `.ci/version` prints.
  static let version = Result {
    try succeed([Architecture.package.path + "/.ci/version"]).trimmingCharacters(in: .newlines)
  }

  func file() throws -> String {
    let version = try Package.version.get()
    let name =
      switch format {
      case .deb: "swinit_\(version)_\(debianName).deb"
      case .rpm: "swinit-\(version)-1.\(rpmName).rpm"
      case .apk: "swinit_\(version)_\(alpineName).apk"
      case .wheel: "swinit-\(version)-py3-none-\(platforms.joined(separator: ".")).whl"
      }
    return "\(Architecture.release)/\(name)"
  }

  private var debianName: String {
    switch architecture {
    case .armv7: "armhf"
    case .i386: "i386"
    default: architecture.rawValue
    }
  }

  private var rpmName: String {
    switch architecture {
    case .amd64: "x86_64"
    case .arm64: "aarch64"
    case .riscv64: "riscv64"
    case .armv7: "armv7hl"
    case .i386: "i386"
    }
  }

  private var alpineName: String {
    switch architecture {
    case .amd64: "x86_64"
    case .arm64: "aarch64"
    case .riscv64: "riscv64"
    case .armv7: "armv7"
    case .i386: "x86"
    }
  }

  /// The platforms of a wheel.
  var platforms: [String] {
    switch architecture {
    case .amd64: ["manylinux_2_5_x86_64", "manylinux1_x86_64", "musllinux_1_1_x86_64"]
    case .arm64: ["manylinux_2_17_aarch64", "manylinux2014_aarch64", "musllinux_1_1_aarch64"]
    case .riscv64: ["manylinux_2_31_riscv64", "musllinux_1_2_riscv64"]
    case .armv7: ["manylinux_2_17_armv7l", "manylinux2014_armv7l", "musllinux_1_1_armv7l"]
    case .i386: ["manylinux_2_5_i686", "manylinux1_i686", "musllinux_1_1_i686"]
    }
  }

  /// Unpacks the package into an empty directory.
  func unpack() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let file = try file()
    let command =
      switch format {
      case .deb: ["dpkg-deb", "--extract", file, directory.path]
      case .rpm:
        ["sh", "-c", "cd \"$1\" && rpm2cpio \"$0\" | cpio -id --quiet", file, directory.path]
      case .apk: ["tar", "--warning=no-unknown-keyword", "-xzf", file, "-C", directory.path]
      case .wheel: ["python3", "-m", "zipfile", "-e", file, directory.path]
      }
    _ = try succeed(command)
    return directory
  }

  /// Where the package has its files: the binary, the manual page, the completions of bash, fish and
  /// zsh, and the copyright notices.
  func paths() throws -> [String] {
    let name = try "swinit-\(Package.version.get())"
    let root = format == .wheel ? "\(name).data/data" : "usr"
    let binary = format == .wheel ? "\(name).data/scripts/swinit" : "usr/bin/swinit"
    let manual = "\(root)/share/man/man1/swinit.1\(format == .wheel ? "" : ".gz")"
    let zsh = format == .deb ? "vendor-completions" : "site-functions"
    let copyright =
      switch format {
      case .deb: "usr/share/doc/swinit/copyright"
      case .rpm, .apk: "usr/share/licenses/swinit/COPYRIGHT"
      case .wheel: "\(name).dist-info/licenses/COPYRIGHT"
      }
    return [
      binary, manual, "\(root)/share/bash-completion/completions/swinit",
      "\(root)/share/fish/vendor_completions.d/swinit.fish", "\(root)/share/zsh/\(zsh)/_swinit",
      copyright,
    ]
  }
}

/// Runs a command that must succeed, and gives its output. rpm makes a database in its home directory.
@discardableResult
func succeed(
  _ command: [String], path: String = searchPath, _ location: SourceLocation = #_sourceLocation
) throws -> String {
  let home = try TemporaryDirectory()
  let outcome = try Run(command, environment: ["PATH=\(path)", "HOME=\(home.path)"])
    .outcome(within: 600, location)
  try #require(
    outcome.ending == .exited(0), "\(command): \(outcome.output)\(outcome.errors)",
    sourceLocation: location)
  return outcome.output
}
