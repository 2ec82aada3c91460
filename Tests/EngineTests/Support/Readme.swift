import Foundation
import Pages
import TestSupport

/// The recipes in README and INSTALL.md, which the tests follow.
enum Readme {
  /// The path of swinit in README's recipes.
  static let path = "/usr/local/bin/swinit"

  /// The code block of a language in the section with this heading, with another path of swinit.
  static func recipe(
    _ heading: String, _ language: String, swinit: String = path
  ) throws -> String {
    let text = [".github/INSTALL.md", "README.md"].map {
      contents(packageDirectory.appending(path: $0).path)
    }.joined()
    guard let section = text.firstRange(of: "# \(heading)\n"),
      let start = text[section.upperBound...].firstRange(of: "\n```\(language)\n"),
      let end = text[start.upperBound...].firstRange(of: "\n```\n"),
      !text[section.upperBound..<start.lowerBound].contains("\n#")
    else { throw Failure("there is no \(language) in '\(heading)'") }
    return String(text[start.upperBound..<end.lowerBound]).replacing(path, with: swinit)
  }

  /// A recipe in YAML.
  static func object(_ heading: String) throws -> [String: Any] {
    let file = try Workspace.newFile("recipe")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(recipe(heading, "yaml").utf8).write(to: file)
    let script = "puts JSON.generate(YAML.load_file(ARGV[0]))"
    let json = try succeed(["ruby", "-ryaml", "-rjson", "-e", script, file.path])
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
    guard let object = object as? [String: Any] else { throw Failure("no object: \(json)") }
    return object
  }
}
