/// The table of README that says what swinit runs in, as the tests have it.
enum ReadmeTable {
  static func lines(_ engines: [any Engine]) -> [String] {
    ["| in | by | without |", "|---|---|---|"]
      + engines.map { engine in
        let missing = lacks.filter { feature, part, _ in
          !engine.features.contains(feature) && part.map(engine.features.contains) ?? true
        }.map(\.2).joined(separator: ", ")
        return "| \(engine.name) | \(engine.usage) |\(missing.isEmpty ? "" : " \(missing)") |"
      }
  }

  /// What isn't to be had everywhere, so that no test is about it; and what it is a part of.
  private static let lacks: [(Feature, of: Feature?, String)] = [
    (.exec, nil, "a further program"), (.stopSignal, nil, "a stop"),
    (.terminal, nil, "a terminal"), (.hardening, nil, "hardening"),
    (.seccomp, .hardening, "a seccomp profile"),
    (.processLimit, .hardening, "a limit of processes"),
    (.ownMemoryLimit, .memoryLimit, "a limit of memory of its own"),
    (.cgroupView, .memoryLimit, "a view of the cgroup"),
  ]
}
