import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Messages on standard error", .mostlyWaits)
struct StandardErrorTests {
  @Test(
    "SIGTERM terminates the command though the terminal has less room than select promises",
    arguments: Place.available, [[], ["--log-format", "json"]])
  func fullTerminal(at place: Place, _ options: [String]) throws {
    let (terminal, own) = try almostFullTerminal()
    defer { close(own) }
    let run = try Run(
      of: Swinit.path, ["-v"] + options + ["sleep", "1000"], at: place, errors: .descriptor(own))
    _ = try run.command()
    try run.signal(SIGTERM)
    #expect(try run.ending() == .exited(143))
    withExtendedLifetime(terminal) {}
  }

  @Test("The line after one that a terminal took in part begins on a line of its own")
  func tornLine() throws {
    var attempts = 1
    // The kernel may make room in the terminal meanwhile.
    while try !tearsLine() {
      attempts += 1
      try #require(attempts < 100, "the terminal always took the whole line")
    }
  }

  /// Whether the terminal took only a part of the line; then checks the next one.
  private func tearsLine() throws -> Bool {
    let (terminal, own) = try almostFullTerminal()
    defer { close(own) }
    let run = try Run(
      of: Swinit.path, ["-v", "--log-format", "json", probe, "members", "1"], at: .plain,
      errors: .descriptor(own))
    try run.expect(line: "0 ready")
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    let messages = try startMessages(of: swinit)
    var shown = ""
    try run.wait(until: "the terminal has room") {
      shown += terminal.read()
      return isWritable(own)
    }
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
    try run.wait(until: "the signal is reported") {
      shown += terminal.read()
      return shown.contains("SIGUSR1")
    }
    let lines = shown.components(separatedBy: "\r\n")
    let objects = try lines.dropFirst().filter { !$0.isEmpty }.map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    if objects.count == 1, lines.first?.hasSuffix("}") == true { return false }
    #expect(objects.map { $0["event"] as? String } == ["messages_dropped", "forwarded"])
    #expect(objects.first?["dropped_count"] as? Int == messages)
    return true
  }

  @Test("SIGTERM terminates the command though its pipe fills up when swinit is about to write")
  func filledPipe() throws {
    let directory = try TemporaryDirectory()
    let pipe = try TestSupport.Pipe()
    defer { for end in [pipe.reader, pipe.writer] { close(end) } }
    let report = directory("report")
    let run = try Run(
      [probe, "with-fault", report, "0:write:1:0:1", Swinit.path, Swinit.path, "-v", "sleep"]
        + ["1000"],
      errors: .descriptor(pipe.writer))
    try run.expect(line: "held")
    let swinit = try run.swinit()
    // This is another open file description than the test's own, so its flags have no effect there.
    let writer = try check(unsafe open("/proc/self/fd/\(pipe.writer)", O_WRONLY | O_NONBLOCK))
    defer { close(writer) }
    let bytes = [UInt8](repeating: 0x78, count: 4096)
    while unsafe write(writer, bytes, bytes.count) > 0 {}
    try directory.file("report.go", "")
    try check(kill(swinit, SIGTERM))
    #expect(try run.ending() == .exited(143))
  }

  @Test("Messages arrive on the master of a pseudoterminal, which is not opened again")
  func masterOfTerminal() throws {
    var (master, slave) = (-1 as Int32, -1 as Int32)
    try check(unsafe openpty(&master, &slave, nil, nil, nil))
    defer { for side in [master, slave] { close(side) } }
    for side in [master, slave] { try check(fcntl(side, F_SETFD, FD_CLOEXEC)) }
    let run = try Run(
      of: Swinit.path, ["/no/file"], at: .plain, errors: .descriptor(master))
    #expect(try run.ending() == .exited(127))
    try check(fcntl(slave, F_SETFL, O_NONBLOCK))
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(slave, &bytes, bytes.count)
    let line = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    #expect(line == "swinit: command not found: '/no/file'\n")
  }

  @Test("Messages arrive on a socket, and those that do not fit are dropped and counted")
  func socket() throws {
    var ends = [Int32](repeating: -1, count: 2)
    try check(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends))
    for end in ends { try check(fcntl(end, F_SETFD, FD_CLOEXEC)) }
    defer { for end in ends { close(end) } }
    let bytes = [UInt8](repeating: 0x78, count: 1)
    let flags = Int32(MSG_DONTWAIT)
    while unsafe send(ends[1], bytes, 1, flags) > 0 {}
    let run = try Run(
      of: Swinit.path, ["-v", probe, "members", "1"], at: .plain, errors: .descriptor(ends[1]))
    try run.expect(line: "0 ready")
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    let messages = try startMessages(of: swinit)
    func readAll() -> String {
      var text: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = unsafe recv(ends[0], &chunk, chunk.count, flags)
        guard count > 0 else { return String(decoding: text, as: UTF8.self) }
        text += chunk[..<count]
      }
    }
    #expect(!readAll().contains("swinit"))
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
    var text = ""
    try run.wait(until: "the signal is reported") {
      text += readAll()
      return text.contains("SIGUSR1")
    }
    let dropped = messages == 1 ? "1 message" : "\(messages) messages"
    #expect(text.hasPrefix("swinit: dropped \(dropped): "))
  }

  /// How many messages `-v` gives at the start: that the command was started and, if so, that a cgroup v2
  /// is watched.
  private func startMessages(of swinit: pid_t) throws -> Int {
    try descriptors(of: swinit).watch.isEmpty ? 1 : 2
  }

  @Test("A socket or pipe whose other end is closed raises no signal that is forwarded")
  func closedSocket() throws {
    var ends = [Int32](repeating: -1, count: 2)
    try check(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends))
    close(ends[0])
    defer { close(ends[1]) }
    for sink in [ErrorSink.descriptor(ends[1]), .closedPipe] {
      let run = try Run(
        of: Swinit.path, ["-v", probe, "members", "1"], at: .plain, errors: sink)
      try run.expect(line: "0 ready")
      try run.signal(SIGUSR1)
      try run.expect(line: "0 10")
      try run.signal(SIGTERM)
      try run.expect(line: "0 15")
    }
  }

  @Test("A message beyond the file size limit raises no SIGXFSZ that is forwarded")
  func limitedFile() throws {
    let directory = try TemporaryDirectory()
    let run = try Run(
      of: Swinit.path, ["-v", probe, "members", "1"], at: .plain,
      launcher: ["prlimit", "--fsize=0:0"], errors: .file(directory("errors")))
    try run.expect(line: "0 ready")
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
  }

  @Test(
    "The command does not inherit the descriptor through which swinit writes messages",
    arguments: ["", "0", "1", "01"])
  func ownDescriptor(closed: String) throws {
    let directory = try TemporaryDirectory()
    let list = directory("list")
    let pipe = try TestSupport.Pipe()
    defer { for end in [pipe.reader, pipe.writer] { close(end) } }
    let script = "ls /proc/$$/fd >\(list).part; mv \(list).part \(list); exec sleep 1000"
    let run = try Run(
      [probe, "without-descriptors", closed] + [Swinit.path, "-v", "sh", "-c", script],
      errors: .descriptor(pipe.writer))
    try run.wait(until: "the command has listed its descriptors") { contents(of: list) != nil }
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    let expected = ["0", "1", "2"].filter { !closed.contains($0) }
    let command = try run.command()
    // A program that is being loaded has a library open.
    try run.wait(until: "the command sleeps") { sleeps(command) }
    let kept = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(command)/fd")
    #expect(kept.sorted().filter { expected.contains($0) } == expected)
    #expect(kept.allSatisfy { (Int($0) ?? 99) <= 2 })
    #expect(try descriptors(of: swinit).others == expected + ["3"])
    #expect(readLink("/proc/\(swinit)/fd/3") == readLink("/proc/\(swinit)/fd/2"))
    #expect(fcntl(pipe.writer, F_GETFL) & O_NONBLOCK == 0)
    try run.signal(SIGTERM)
    #expect(try run.ending() == .exited(143))
  }

  @Test(
    "Messages arrive where standard error cannot be opened again: as another user, or without /proc",
    .needs(.root))
  func sharedFile() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    let blind = ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /proc && exec \"$@\"", "sh"]
    for launcher in [user, blind] {
      let outcome = try Run(launcher + [swinit, "-v", "true"], of: swinit).outcome()
      #expect(outcome.ending == .exited(0))
      #expect(outcome.errors.hasPrefix("swinit: started 'true' as process "))
    }
  }

  @Test("A file that replaces standard error's entry in /proc is not written to", .needs(.root))
  func forgedProc() throws {
    let directory = try TemporaryDirectory()
    let precious = try directory.file("precious", "kept", mode: 0o644)
    let preparation = """
      mount -t tmpfs tmpfs /proc && mkdir -p /proc/self/fd && ln -s \(precious) /proc/self/fd/2 \
      && exec "$@"
      """
    let outcome = try Run(
      ["unshare", "-m", "sh", "-c", preparation, "sh", Swinit.path, "-v", "true"]
    ).outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.errors.hasPrefix("swinit: started 'true' as process "))
    #expect(contents(of: precious) == "kept")
  }

  @Test(
    "Standard error is opened once, and each message takes two system calls",
    .needs(.program("strace")))
  func systemCallsPerMessage() throws {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let run = try Run.swinit(
      "-vw", probe, "orphans", "100", at: .plain, launcher: ["strace", "-f", "-o", file])
    #expect(try run.ending() == .exited(7))
    let strace = try Strace(file)
    let calls = strace.calls(of: try #require(strace.root))
    let writes = calls.count { $0.name == "write" }
    #expect(writes >= 100)
    #expect(calls.count { $0.name == "pselect6" } == writes)
    #expect(calls.count { $0.name == "openat" && $0.rest.contains("/proc/self/fd/2") } == 1)
  }

  /// A terminal that is as full as poll(2) lets it be and still calls it writable, and its slave
  /// side.
  private func almostFullTerminal() throws -> (PseudoTerminal, Int32) {
    let byte = [UInt8(ascii: "x")]
    // The room depends on when the kernel passes the bytes on to the other side.
    for _ in 1...100 {
      let (model, probe) = try openTerminal()
      defer { close(probe) }
      var count = 0
      while isWritable(probe), unsafe write(probe, byte, 1) == 1 { count += 1 }
      let (terminal, own) = try openTerminal()
      let isFilled = (1..<count).allSatisfy { _ in unsafe write(own, byte, 1) == 1 }
      withExtendedLifetime(model) {}
      if isFilled && isWritable(own) {
        // The open file description that swinit shares is a blocking one.
        try check(fcntl(own, F_SETFL, 0))
        return (terminal, own)
      }
      close(own)
    }
    throw CallFailed(number: EAGAIN)
  }

  private func openTerminal() throws -> (PseudoTerminal, Int32) {
    let terminal = try PseudoTerminal()
    let flags = O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK
    return (terminal, try check(unsafe open(terminal.path, flags)))
  }

  private func isWritable(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&state, 1, 0) == 1 && state.revents & Int16(POLLOUT) != 0
  }
}
