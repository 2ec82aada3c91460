import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The --stop-delay option", .mostlyWaits, .serialized) struct StopDelayTests {
  @Test(
    "A stop signal is forwarded when the delay is over, and other signals meanwhile",
    arguments: Place.available)
  func delay(at place: Place) throws {
    let run = try Run.swinit("--stop-delay=4s", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let start = ContinuousClock.now
    try run.signal(SIGTERM)
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
    try run.expect(line: "0 15")
    #expect(start.duration(to: .now) >= .seconds(4))
  }

  @Test(
    "A second stop signal releases the first one and follows it", arguments: Place.available)
  func second(at place: Place) throws {
    let run = try Run.swinit("--stop-delay=1h", "-v", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    _ = try run.errorLine()
    try run.signal(SIGTERM)
    let line = try run.errorLine()
    #expect(
      line.contains(
        /^swinit: waiting 3600s before forwarding SIGTERM from .*, as --stop-delay asks$/))
    try run.signal(SIGINT)
    // Both may be pending when the probe takes the one with the lower number.
    try run.expect(lines: ["0 15", "0 2"])
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
  }

  @Test("The grace period counts from the forwarding", arguments: Place.available)
  func gracePeriod(at place: Place) throws {
    let run = try Run.swinit(
      "--stop-delay=300ms", "-k", "4s", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let start = ContinuousClock.now
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
    #expect(start.duration(to: .now) >= .milliseconds(4300))
  }

  @Test("The command's exit discards the delay", arguments: Place.available)
  func exit(at place: Place) throws {
    let run = try Run.swinit(
      "--stop-delay=1h", "sh", "-c", "trap 'exit 5' USR1; echo ready; while :; do sleep 0.1; done",
      at: place)
    try run.expect(line: "ready")
    try run.signal(SIGTERM)
    try run.signal(SIGUSR1)
    let ending = try run.ending()
    #expect(ending == .exited(5))
  }

  @Test(
    "SWINIT_STOP_DELAY sets the delay and is not passed on to the command",
    arguments: Place.available)
  func environment(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "echo \"delay ${SWINIT_STOP_DELAY-none}\"; exec \"$0\" members 1", probe,
      at: place,
      environment: ["PATH=\(searchPath)", "SWINIT_STOP_DELAY=1h"])
    try run.expect(line: "delay none")
    try run.expect(line: "0 ready")
    try run.signal(SIGTERM)
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
    #expect(run.takeLine() == nil)
  }

  @Test(
    "An infinite delay is refused, and so is a delay or --wait with --pause",
    arguments: [
      ["--stop-delay=infinity", "true"], ["--pause", "--stop-delay=1s"], ["--pause", "--wait"],
    ])
  func refused(arguments: [String]) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    #expect(outcome.ending == .exited(125))
    #expect(
      outcome.errors.hasPrefix("swinit: cannot use '--")
        || outcome.errors.hasPrefix("swinit: invalid value 'infinity' for '--stop-delay': "))
  }

  @Test(
    "An HTTP server answers during the delay and refuses connections after it",
    .needs(.program("python3")))
  func httpServer() throws {
    let program = """
      import http.server, signal, sys, threading
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
      signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
      signal.signal(signal.SIGUSR1, lambda *_: None)
      print(server.server_address[1], flush=True)
      server.serve_forever()
      server.server_close()
      print("closed", flush=True)
      signal.pause()
      """
    let run = try Run.swinit("--stop-delay=1h", "python3", "-c", program, at: .plain)
    let port = try run.line()
    try run.signal(SIGTERM)
    let ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:\(port)/').status"
    let answered = try Run(["python3", "-c", ask]).outcome().ending
    #expect(answered == .exited(0))
    // The second one ends the delay.
    try run.signal(SIGTERM)
    try run.expect(line: "closed")
    let refused = try Run(["python3", "-c", ask]).outcome().ending
    #expect(refused == .exited(1))
  }
}
