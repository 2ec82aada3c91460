/// The table of container engines in ENGINES.md, generated from the engines of these tests.
enum EngineTable {
  static func lines(_ engines: [any Engine]) -> [String] {
    ["| engine | usage | not available |", "|---|---|---|"]
      + engines.map { engine in
        let missing = optionalFeatures.filter { feature, part, _ in
          !engine.features.contains(feature) && part.map(engine.features.contains) ?? true
        }.map(\.2).joined(separator: ", ")
        return "| \(engine.name) | \(engine.usage) |\(missing.isEmpty ? "" : " \(missing)") |"
      }
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
