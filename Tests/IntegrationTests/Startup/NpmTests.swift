import Glibc
import TestSupport
import Testing

@Suite("A server started by npm", .mostlyWaits) struct NpmTests {
  /// npm exits a few milliseconds after SIGTERM, long before the server.
  @Test(
    "A server that npm started has time to shut down and receives SIGTERM once, and the status is npm's",
    .needs(.program("node", package: "nodejs")), .needs(.program("npm")),
    arguments: Place.available)
  func gracefulShutdown(at place: Place) throws {
    let directory = try TemporaryDirectory()
    try directory.file(
      "package.json",
      #"{ "name": "server", "version": "1.0.0", "scripts": { "start": "node server.js" } }"#)
    try directory.file(
      "server.js",
      """
      const server = require('http').createServer();
      process.on('SIGTERM', () => {
        console.log('closing');
        setTimeout(() => { console.log('closed'); process.exit(0); }, 500);
      });
      server.listen(0, '127.0.0.1', () => console.log('ready'));
      """)
    let run = try Run(
      place.wrapper + ["env", "-C", directory.path, Swinit.path, "-k", "1h", "npm", "start"],
      environment: [
        "PATH=\(searchPath)", "HOME=\(directory.path)", "NPM_CONFIG_UPDATE_NOTIFIER=false",
      ])
    while try run.line() != "ready" {}
    try run.signal(SIGTERM)
    let outcome = try run.outcome()
    #expect(outcome.output == "closing\nclosed\n")
    #expect(outcome.ending == .exited(128 + SIGTERM))
  }
}
