import Foundation
import Testing

@testable import Supervision

@Suite("The version, which is in one place only")
struct VersionTests {
  private let project = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

  private let version: String = {
    let text = line { $0.append(Page.nameAndVersion) }
    return String(text.drop { !$0.isNumber })
  }()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: project.appending(path: path), encoding: .utf8)
  }

  @Test(".ci/version prints the version that --version prints, for packages and images")
  func script() throws {
    let pipe = Pipe()
    let process = Process()
    process.executableURL = project.appending(path: ".ci/version")
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == version + "\n")
  }

  @Test("The version is a semantic version")
  func form() {
    #expect(version.wholeMatch(of: /\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?/) != nil, "\(version)")
  }

  @Test("The newest entry of the changelog is for the version")
  func changelog() throws {
    let heading = try text(".github/CHANGELOG.md").firstMatch(of: /(?m)^## (.+)$/)
    #expect(heading?.1 == version[...])
  }

  @Test("The manual page names the version")
  func manual() throws {
    #expect(try text("Sources/swinit/swinit.1").contains("\n.Os swinit \(version)\n"))
  }

  @Test("README and INSTALL.md show how to install the version, from the project's address")
  func readme() throws {
    let address = try text(".ci/address").trimmingCharacters(in: .newlines)
    let pages = try text("README.md") + text(".github/INSTALL.md")
    let addresses = Set(pages.matches(of: #/https://github\.com/[^/\s]+/swinit\b/#).map(\.0))
    #expect(addresses == [address[...]])
    let versions = Set(
      pages.matches(of: #/(?:download/v|swinit[_:-])(\d[0-9A-Za-z.-]*?)(?=[-_/@`\s"])/#).map(\.1))
    #expect(versions == [version[...]])
  }

  @Test(
    "The Dockerfile and the workflow use the compiler that .swift-version names",
    arguments: ["Dockerfile", ".github/workflows/ci.yml"])
  func compiler(path: String) throws {
    let version = try text(".swift-version").trimmingCharacters(in: .newlines)
    let images = try text(path).matches(of: #/\bswift:([0-9.]+)/#).map(\.1)
    #expect(images == [version[...]])
  }
}
