import Testing

extension EngineTests {
  @Suite("Orphans in engines") struct OrphanTests {
    @Test(
      "In each engine, an orphan of a second program in the container is reaped",
      arguments: engines(with: .exec))
    func reaped(engine: any Engine) throws {
      try engine.with(Spec(command: ["sh", "-c", "echo ready; exec sleep 1000"])) { container in
        try container.waitFor("ready")
        try expectOrphanReaped(in: container)
      }
    }
  }
}

func expectOrphanReaped(in container: any Container) throws {
  try expectOrphanReaped { try container.exec($0) }
}

/// A zombie, too, has a directory in `/proc`.
func expectOrphanReaped(executing exec: ([String]) throws -> Outcome) throws {
  let started = try exec(["sh", "-c", "sleep 0.3 >/dev/null 2>&1 & echo $!"])
  guard started.status == 0, let line = started.lines.last, let pid = Int32(line) else {
    throw Failure("no orphan: \(started)")
  }
  try eventually("orphan \(pid) is reaped") {
    let check = try exec(["test", "-e", "/proc/\(pid)"])
    guard check.status <= 1 else { throw Failure("cannot check for it: \(check)") }
    return check.status == 1
  }
}
