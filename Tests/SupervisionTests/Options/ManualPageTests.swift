import Foundation
import Testing

@testable import Supervision

@Suite("The manual page")
struct ManualPageTests {
  private let lines: [String]

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../../Sources/swinit/swinit.1")
    lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The lines of a section.
  private func section(_ name: String) throws -> [String] {
    let start = try #require(lines.firstIndex(of: ".Sh \(name)"))
    return lines[(start + 1)...].prefix { !$0.hasPrefix(".Sh ") }
  }

  /// The items of a section's list, each with the lines below it.
  private func items(of name: String) throws -> [(item: String, text: [String])] {
    var items: [(item: String, text: [String])] = []
    for line in try section(name) {
      if line == ".El" { break }
      if line.hasPrefix(".It ") {
        items.append((String(line.dropFirst(4)), []))
      } else if !items.isEmpty {
        items[items.count - 1].text.append(line)
      }
    }
    return items
  }

  @Test("The manual page has its sections in the order of mdoc(7)")
  func sections() {
    #expect(
      lines.filter { $0.hasPrefix(".Sh ") }.map { $0.dropFirst(4) } == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SIGNALS", "ENVIRONMENT", "FILES",
        "EXIT STATUS", "EXAMPLES", "SEE ALSO", "AUTHORS",
      ])
  }

  @Test(
    "The manual page lists every option with its letter and its value, in the order of the help")
  func options() throws {
    let expected = Option.rows.map { row in
      let letter = row.letter == 0 ? "" : "Fl \(UnicodeScalar(row.letter)) , "
      let placeholder = row.option.value.placeholder.string
      let value =
        placeholder.isEmpty
        ? "" : placeholder.hasPrefix(" ") ? " Ar\(placeholder)" : " Ns Ar \(placeholder)"
      return "\(letter)Fl \(row.option.name.string.dropFirst())\(value)"
    }
    #expect(try items(of: "OPTIONS").map(\.item) == expected)
  }

  @Test("The manual page lists every environment variable, with the option that it sets")
  func variables() throws {
    let items = try items(of: "ENVIRONMENT")
    for row in Option.rows {
      for variable in [row.variable, row.tini, row.dumbInit].compactMap({ $0?.text.string }) {
        let entry = items.first { $0.item == "Ev \(variable)" }
        let option = "Fl \(row.option.name.string.dropFirst())"
        #expect(
          entry?.text.contains { $0 == ".\(option)" || $0.hasPrefix(".\(option) ") } == true,
          "\(variable)")
        let isPassedOn = entry?.text.contains { $0.contains("not passed on") } != true
        #expect(isPassedOn == row.isPassedOn, "\(variable)")
      }
    }
    let setters = Option.rows.flatMap { [$0.variable, $0.tini, $0.dumbInit] }.compactMap { $0 }
    // The others are not options.
    let others = ["Ev PATH", "Ev LISTEN_PID , WATCHDOG_PID"]
    #expect(items.count { !others.contains($0.item) } == setters.count)
  }

  @Test("The defaults in the manual page are those of the program")
  func defaults() throws {
    var found: [String] = []
    for (item, text) in try items(of: "OPTIONS") {
      guard let index = text.firstIndex(where: { $0.lowercased().hasSuffix("the default is") })
      else { continue }
      let value = text[index + 1].split(separator: " ").dropFirst().first.map(String.init) ?? ""
      let name = try #require(item.split(separator: " ").first { $0.hasPrefix("-") })
      found.append(String(name))
      // What an optional part stands for without it.
      switch name {
      case "-exit-code":
        #expect(
          try call("--exit-code 7 true").meaning == call("--exit-code 7:\(value) true").meaning)
      case "-termination-log":
        let given = try call("--termination-log=\(value) true").meaning
        #expect(try call("--termination-log true").meaning == given)
      default: #expect(try call("-\(name)=\(value) true").meaning == "", "\(item)")
      }
    }
    #expect(
      found == [
        "-stop-signal", "-stop-delay", "-exit-code", "-log-format", "-termination-log",
        "-zombie-check",
      ])
  }

  @Test("The manual page lists the exit statuses of the program's own")
  func exitStatuses() throws {
    let own = [ExitStatus.notFound, .cannotExecute, .failure].map { "\($0.rawValue)" }
    let base = ExitStatus.death(by: Signal(rawValue: 0)).rawValue
    #expect(try items(of: "EXIT STATUS").map(\.item) == ["\(base)+N"] + own)
  }

  @Test("The manual page names the authors as the license does")
  func authors() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../../LICENSE")
    let license = try String(contentsOf: file, encoding: .utf8)
    let authors = try #require(section("AUTHORS").first { $0.hasPrefix(".An ") }?.dropFirst(4))
    #expect(license.contains(" \(authors)\n"))
  }
}
