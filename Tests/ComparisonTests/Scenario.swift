import TestSupport
import Testing

/// Something that an init does or doesn't, as it is observed: a row of README's comparison.
struct Scenario: Sendable {
  let title: String
  /// Where it makes sense.
  var places = Place.allCases
  /// For whom it makes sense.
  var subjects = Subject.inits
  /// What else it can't be observed without.
  var needs: [Need] = []
  /// What an init is told that doesn't do it unasked.
  var options: [Subject: [String]] = [:]
  /// Whether it is about the binary that ships, and no other of swinit's.
  var isOfWhatShips = false
  /// What swinit does.
  let promise: Expectation
  /// Who does otherwise. What tini does, tini-static does, unless it is here too.
  var differences: [Subject: Expectation] = [:]
  /// Observes one init in one place; gives words for README, `yes` if it is as it should be.
  let observe: @Sendable (Trial) async throws -> String

  func expectation(of subject: Subject) -> Expectation {
    differences[subject] ?? (subject == .tiniStatic ? differences[.tini] : nil) ?? promise
  }
}

/// What is expected of an init, in each place.
struct Expectation: ExpressibleByStringLiteral, Equatable {
  let processOne: String
  let plain: String

  init(processOne: String, plain: String) {
    self.processOne = processOne
    self.plain = plain
  }

  init(stringLiteral words: String) { self.init(processOne: words, plain: words) }

  func at(_ place: Place) -> String { place == .plain ? plain : processOne }
}

extension [Subject: [String]] {
  /// The same options for everybody, whether they know them or not.
  static func all(_ options: String...) -> Self {
    Self(uniqueKeysWithValues: Subject.allCases.map { ($0, options) })
  }
}

/// An init with its options in a place, to be observed.
struct Trial {
  let subject: Subject
  let place: Place
  var options: [String] = []
  var environment: [String] = []

  func run(
    _ command: String..., birth: [String] = [], errors: ErrorSink = .captured
  ) throws -> Run {
    try Run(
      of: subject.path, options + ["--"] + command, at: place, birth: birth,
      environment: ["PATH=\(searchPath)"] + environment, errors: errors)
  }

  /// A group of so many members, COMMAND among them, each of which says which signals it gets; nil
  /// if the init refuses to run it.
  func members(_ count: Int, birth: [String] = []) throws -> Run? {
    let run = try run(probe, "members", "\(count)", birth: birth)
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

  /// What must be there to observe it.
  var needs: [Need] {
    let isOfWhatShips = scenario.isOfWhatShips && subject == .swinit
    return scenario.needs + subject.needs + (place == .processOne ? [.namespaces] : [])
      + (isOfWhatShips ? [.feature("what ships as SWINIT", isThere: Swinit.isMusl)] : [])
  }

  /// Observes what the init does unasked, and if that isn't right, what it does when it is asked.
  func observe() async throws -> String {
    let unasked = try await scenario.observe(Trial(subject: subject, place: place))
    guard unasked != "yes", let options = scenario.options[subject] else { return unasked }
    let asked = try await scenario.observe(
      Trial(subject: subject, place: place, options: options))
    return asked == "yes" ? "with `\(options[0])`" : unasked
  }
}
