import Foundation
import Supervision
import Testing

@Suite("What is printed, whole")
struct HelpTests {
  @Test("--help")
  func help() {
    #expect(
      Help.text.description == """
        usage: swinit [OPTIONS] [--] COMMAND [ARG...]

        Runs COMMAND, forwards signals to its process group, reaps every zombie, and
        leaves with COMMAND's exit status. Made to be PID 1 of a container.

          ENTRYPOINT ["/swinit", "--"]         in a Dockerfile
          swinit -k 10s -- npm start           nothing is left behind after 10 s
          swinit -e 143 -- java -jar app.jar   an end by SIGTERM is a success
          swinit -r TERM:QUIT -- nginx         nginx's graceful stop is SIGQUIT

        Options, and the environment variables that stand for them:

          -k, --kill-after DURATION    wait for all descendants to end, and kill what is
                                       left after 10, 500ms, 2m, 1h: SWINIT_KILL_AFTER
          -e, --exit-code FROM[:TO]    report exit status FROM as TO (0 unless given);
                                       repeatable: SWINIT_EXIT_CODE
          -r, --rewrite FROM:TO        forward the signal FROM as TO, 0 drops it;
                                       repeatable: SWINIT_REWRITE
          -c, --single-child           signal COMMAND alone: SWINIT_SINGLE_CHILD
          -g, --group                  signal COMMAND's process group: the default
          -s, --subreaper              adopt orphans when not PID 1: always the case
          -p, --parent-death-signal SIGNAL
                                       take SIGNAL when swinit's parent dies:
                                       SWINIT_PARENT_DEATH_SIGNAL
          -P, --pause                  run no COMMAND: reap, and exit 0 on TERM or INT
          -w, --warn-reaped            tell of each orphan that is reaped:
                                       SWINIT_WARN_REAPED
          -v, --verbose                tell what is forwarded and how COMMAND ended;
                                       twice: every reap too: SWINIT_VERBOSITY
          -h, --help                   print this and exit
          -V, --version                print the version and exit
          -l, --license                print the license and exit

        Exit status: COMMAND's own; 128+N when signal N killed it; 127 when it isn't
        found, 126 when it can't be executed, 125 when swinit itself is at fault.

        """)
  }

  @Test("--help fits a terminal of 80 columns")
  func width() {
    for line in Help.text.description.split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test("--version begins with what Docker's daemon reads, and has no commit id")
  func version() {
    #expect(Help.version.description == "tini version 0.19.0 (swinit 0.1.0)\n")
  }

  @Test("--license is the file LICENSE")
  func license() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../LICENSE")
    #expect(try Help.license.description == String(contentsOf: file, encoding: .utf8))
  }
}
