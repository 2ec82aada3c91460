import Testing

extension EngineTests {
  @Suite struct `orphans` {
    @Test(arguments: engines(with: .exec))
    func `an orphan that a second program left in the container is reaped`(
      engine: any Engine
    ) throws {
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

/// The instrument is the process's directory in `/proc`: a zombie has one too.
func expectOrphanReaped(executing exec: ([String]) throws -> Outcome) throws {
  let left = try exec(["sh", "-c", "sleep 0.3 >/dev/null 2>&1 & echo $!"])
  guard left.status == 0, let line = left.lines.last, let pid = Int32(line) else {
    throw Failure("no orphan: \(left)")
  }
  try eventually("orphan \(pid) is reaped") {
    let look = try exec(["test", "-e", "/proc/\(pid)"])
    guard look.status <= 1 else { throw Failure("can't look for it: \(look)") }
    return look.status == 1
  }
}
