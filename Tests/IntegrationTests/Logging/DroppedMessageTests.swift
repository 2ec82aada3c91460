import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Dropped messages", .mostlyWaits) struct DroppedMessageTests {
  @Test(
    "Messages that a full pipe cannot take are dropped and counted, and every orphan is still reaped",
    arguments: Place.available)
  func fullPipe(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let pipe = directory("pipe")
    try check(unsafe mkfifo(pipe, 0o600))
    let reader = try check(unsafe open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC))
    defer { close(reader) }

    let script = """
      "$0" orphans 10000
      while [ ! -e \(directory("go")) ]; do sleep 0.05; done
      exec "$0" orphan setsid
      """
    let run = try Run.swinit(
      "-w", "--log-format", "json", "sh", "-c", script, probe, at: place, errors: .file(pipe))
    #expect(try run.line() == "reaped")
    let swinit = try run.swinit()
    try run.wait(until: "swinit has reaped all orphans") { state(of: swinit) == "S" }
    // As much as the pipe holds: poll(2) finds no room once the last of its 16 pages is in use, and each
    // page may lack the room for a whole message.
    var bytes = readAll(reader)
    #expect((56_000...65536).contains(bytes.count))

    try directory.file("go", "")
    #expect(try run.outcome().ending == .exited(0))
    bytes += readAll(reader)
    let objects = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
    let events = objects.compactMap { $0["event"] as? String }
    let orphans = objects.filter { $0["event"] as? String == "reaped_orphan" }
    #expect(orphans.allSatisfy { $0["name"] as? String == "Probe" })
    #expect(events.suffix(2) == ["messages_dropped", "reaped_orphan"])
    #expect(events.count { $0 == "messages_dropped" } == 1)
    let dropped = try #require(objects.dropLast().last?["dropped_count"] as? Int)
    #expect(orphans.count + dropped == 10_001)
    #expect(run.strayProcesses() == 0)
  }

  private func readAll(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
