/// The table of container engines in ENGINES.md, generated from the engines of these tests.
enum EngineTable {
  static func lines(_ engines: [any Engine]) -> [String] {
    ["| engine | usage | not available |", "|---|---|---|"]
      + engines.map { engine in
        let missing = missing(engine).joined(separator: "; ")
        return "| \(engine.name) | \(engine.usage) |\(missing.isEmpty ? "" : " \(missing)") |"
      }
  }

  private static func missing(_ engine: any Engine) -> [String] {
    guard !engine.isForUnified else { return ["all, with cgroup version 1"] }
    let always = names(engine.unifiedFeatures)
    let others = names(engine.features).filter { !always.contains($0) }
    return (always.isEmpty ? [] : [always.joined(separator: ", ")])
      + (others.isEmpty ? [] : ["with cgroup version 1: " + others.joined(separator: ", ")])
  }

  /// The names of the features that are missing.
  private static func names(_ features: Set<Feature>) -> [String] {
    optionalFeatures.filter { feature, part, _ in
      !features.contains(feature) && part.map(features.contains) ?? true
    }.map(\.2)
  }

  /// Features that some engines lack, and the feature that each is a part of.
  private static let optionalFeatures: [(Feature, of: Feature?, String)] = [
    (.exec, nil, "exec"), (.stopSignal, nil, "stop signal"),
    (.terminal, nil, "terminal"), (.hardening, nil, "hardening"),
    (.seccomp, .hardening, "seccomp profile"),
    (.processLimit, .hardening, "process limit"),
    (.ownMemoryLimit, .memoryLimit, "own memory limit"),
    (.cgroupView, .memoryLimit, "cgroup view"),
  ]
}
