import Foundation
import Testing

@testable import Supervision

@Suite("Information for standard output")
struct HelpTests {
  private func text(of page: Page) -> String { line { page.write(to: &$0) } }

  @Test("The text of --help is as expected")
  func help() {
    #expect(
      text(of: .help) == """
        usage: swinit [OPTIONS] [--] COMMAND [ARG...]

        Runs COMMAND, forwards signals to its process group, reaps every zombie, and
        leaves with COMMAND's exit status. Made to be PID 1 of a container.

          swinit -k 10s -- npm start           nothing is left behind after 10 s
          swinit -e 143 -- java -jar app.jar   an end by SIGTERM is a success
          swinit -r TERM:QUIT -- nginx         nginx's graceful stop is SIGQUIT

        Options, and the environment variables that stand for them:

          -k, --kill-after DURATION (SWINIT_KILL_AFTER)
              wait for all descendants, and kill those left after 10, 500ms, 2m, 1h
          --stop-signal SIGNAL[,SIGNAL...] (SWINIT_STOP_SIGNAL)
              begin shutdown by these, not TERM,INT
          --stop-delay DURATION (SWINIT_STOP_DELAY)
              delay the first stop signal
          --wait (SWINIT_WAIT)
              wait for COMMAND's descendants
          -e, --exit-code FROM[:TO] (SWINIT_EXIT_CODE)
              report exit status FROM as TO, 0 unless given; repeatable
          -r, --rewrite FROM:TO (SWINIT_REWRITE)
              forward signal FROM as TO, or drop it if that is 0; repeatable
          -c, --single-child (SWINIT_SINGLE_CHILD)
              signal COMMAND alone, not its process group
          -g, --group
              signal COMMAND's process group: the default
          -s, --subreaper
              adopt orphans when not PID 1: always the case
          -p, --parent-death-signal SIGNAL (SWINIT_PARENT_DEATH_SIGNAL)
              forward SIGNAL when the thread that started swinit ends, as it does at
              the latest with its process (KILL can't be forwarded: it ends swinit)
          -P, --pause
              run no COMMAND: reap, and exit 0 on TERM or INT
          -w, --warn-reaped (SWINIT_WARN_REAPED)
              tell of each orphan that is reaped
          -v, --verbose (SWINIT_VERBOSITY)
              tell what is forwarded and how COMMAND ended; twice: every reap too
          --log-format text|json (SWINIT_LOG_FORMAT)
              write messages as sentences or as JSON objects
          --termination-log[=PATH] (SWINIT_TERMINATION_LOG)
              write how COMMAND ended to PATH, /dev/termination-log unless given
          --zombie-check DURATION (SWINIT_ZOMBIE_CHECK)
              look so often for zombies that other processes leave
          -h, --help; -V, --version; -l, --license
              print this, the version, the license

        Exit status: COMMAND's own; 128+N when signal N killed it; 127 when it isn't
        found, 126 when it can't be executed, 125 when swinit itself is at fault.

        """)
  }

  @Test("The text of --help fits a terminal of 80 columns")
  func width() {
    for line in text(of: .help).split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test(
    "The text of --version begins with the prefix that Docker's daemon parses, and has no commit ID"
  )
  func version() {
    #expect(text(of: .version) == "tini version 0.19.0 (swinit 0.2.0)\n")
  }

  @Test("The text of --license is the file LICENSE")
  func license() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../../LICENSE")
    #expect(try text(of: .license) == String(contentsOf: file, encoding: .utf8))
  }
}
