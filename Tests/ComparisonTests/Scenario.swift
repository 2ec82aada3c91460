import TestSupport
import Testing

/// A behaviour of an init and how to observe it: a row of the comparison.
struct Scenario: Sendable {
  let title: String
  /// The places where it applies.
  var places = Place.allCases
  /// The inits to which it applies.
  var subjects = Subject.inits
  /// What the observation needs in addition.
  var needs: [Need] = []
  /// The options of the inits that do not behave so by default.
  var options: [Subject: [String]] = [:]
  /// Whether it concerns only the released build of swinit.
  var isOfWhatShips = false
  /// The expected result of swinit.
  let promise: Expectation
  /// The inits that differ. tini-static behaves as tini does unless it is listed as well.
  var differences: [Subject: Expectation] = [:]
  /// Observes one init in one place, and gives the text for the table, `yes` if it behaves as
  /// expected.
  let observe: @Sendable (Trial) async throws -> String

  func expectation(of subject: Subject) -> Expectation {
    differences[subject] ?? (subject == .tiniStatic ? differences[.tini] : nil) ?? promise
  }
}

/// The expected result of an init in each place.
struct Expectation: ExpressibleByStringLiteral, Equatable {
  let processOne: String
  let plain: String

  init(processOne: String, plain: String) {
    self.processOne = processOne
    self.plain = plain
  }

  init(stringLiteral text: String) { self.init(processOne: text, plain: text) }

  func at(_ place: Place) -> String { place == .plain ? plain : processOne }
}

extension [Subject: [String]] {
  /// The same options for all inits, whether they know them or not.
  static func all(_ options: String...) -> Self {
    Self(uniqueKeysWithValues: Subject.allCases.map { ($0, options) })
  }
}

/// An init with its options in a place.
struct Trial {
  let subject: Subject
  let place: Place
  var options: [String] = []
  var environment: [String] = []

  func run(
    _ command: String..., launcher: [String] = [], errors: ErrorSink = .captured
  ) throws -> Run {
    try Run(
      of: subject.path, options + ["--"] + command, at: place, launcher: launcher,
      environment: ["PATH=\(searchPath)"] + environment, errors: errors)
  }

  /// A group of `count` members, the command included, each of which prints the signals it
  /// receives; nil if the init refuses to run it.
  func members(_ count: Int, launcher: [String] = []) throws -> Run? {
    let run = try run(probe, "members", "\(count)", launcher: launcher)
    for _ in 0..<count where try run.lineUnlessEnded() == nil { return nil }
    return run
  }
}

/// One init, observed in one scenario at one place.
struct Cell: Hashable, CustomTestStringConvertible {
  let index: Int
  let subject: Subject
  let place: Place

  static let all = Scenario.all.indices.flatMap { index in
    Scenario.all[index].subjects.flatMap { subject in
      Scenario.all[index].places.map { Cell(index: index, subject: subject, place: $0) }
    }
  }

  var scenario: Scenario { Scenario.all[index] }
  var expected: String { scenario.expectation(of: subject).at(place) }
  var testDescription: String { "\(scenario.title): \(subject.rawValue) as \(place.rawValue)" }

  /// What the observation needs.
  var needs: [Need] {
    let isOfWhatShips = scenario.isOfWhatShips && subject == .swinit
    return scenario.needs + subject.needs + (place == .processOne ? [.namespaces] : [])
      + (isOfWhatShips ? [.feature("what ships as SWINIT", isThere: Swinit.isMusl)] : [])
  }

  /// Observes the init. Keys and jobs race each other, even without an init, so an unexpected result of
  /// another init is observed again, up to twice. What swinit promises holds each time.
  func observe() async throws -> String {
    var observed = try await observeOnce()
    for _ in 0..<(subject == .swinit ? 0 : 2) where observed != expected {
      observed = try await observeOnce()
    }
    return observed
  }

  /// Observes the init's default behaviour, and if that is not as expected, its behaviour with
  /// options.
  private func observeOnce() async throws -> String {
    let unasked = try await scenario.observe(Trial(subject: subject, place: place))
    guard unasked != "yes", let options = scenario.options[subject] else { return unasked }
    let asked = try await scenario.observe(
      Trial(subject: subject, place: place, options: options))
    return asked == "yes" ? "with `\(options[0])`" : unasked
  }
}
