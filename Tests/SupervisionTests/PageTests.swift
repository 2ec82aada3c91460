import Foundation
import Testing

@Suite("README and the pages under .github")
struct PageTests {
  private let project = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  private func pages() throws -> [URL] {
    let folder = project.appending(path: ".github")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return [project.appending(path: "README.md")] + files.filter { $0.pathExtension == "md" }
  }

  @Test("README has at most 260 lines: it is for five minutes")
  func length() throws {
    let readme = try String(contentsOf: project.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).dropLast().count <= 260)
  }

  @Test("Each link in README and the pages that names a file leads to one")
  func links() throws {
    var count = 0
    for page in try pages() {
      let text = try String(contentsOf: page, encoding: .utf8)
      for link in text.matches(of: /\]\(([^):#]+)[^)]*\)/) where !link.1.hasPrefix("http") {
        count += 1
        let file = page.deletingLastPathComponent().appending(path: String(link.1))
        #expect(
          FileManager.default.fileExists(atPath: file.standardizedFileURL.path),
          "\(page.lastPathComponent): \(link.1)")
      }
    }
    #expect(count > 10)
  }
}
