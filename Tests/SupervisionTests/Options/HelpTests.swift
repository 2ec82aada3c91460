import Foundation
import Testing

@testable import Supervision

@Suite("Information for standard output")
struct HelpTests {
  private func text(of page: Page) -> String { line { page.write(to: &$0) } }

  @Test("The help lists all options in groups, with their variables and defaults")
  func help() {
    #expect(
      text(of: .help) == """
        usage: swinit [OPTIONS] [--] COMMAND [ARG...]

        Runs COMMAND, forwards signals to it, reaps every zombie, and exits with its
        status. Each [VARIABLE] sets the option before it.

          ENTRYPOINT ["/swinit", "--"]                        in a Dockerfile
          docker run --init -e SWINIT_KILL_AFTER=8s IMAGE     swinit as Docker's init
          env: [{name: SWINIT_KILL_AFTER, value: 25s}]        in a Kubernetes pod
          swinit -k 10s -- make test                          in a shell

        Shutdown
          -k, --kill-after DURATION  [SWINIT_KILL_AFTER]
              terminate all descendants; after DURATION, kill those that remain
          --stop-signal SIGNAL[,SIGNAL...]  [SWINIT_STOP_SIGNAL]
              the signals that begin shutdown (default: TERM,INT)
          --stop-delay DURATION  [SWINIT_STOP_DELAY]
              forward the first stop signal only after DURATION
          --wait  [SWINIT_WAIT]
              when COMMAND exits, wait for its descendants without signalling them
          -P, --pause  run no COMMAND: reap orphans, exit 0 on a stop signal

        Signals
          -r, --rewrite FROM:TO  [SWINIT_REWRITE]
              forward signal FROM as TO, or drop it if TO is 0; repeatable
          -c, --single-child  [SWINIT_SINGLE_CHILD]
              signal COMMAND alone, not its process group
          -p, --parent-death-signal SIGNAL  [SWINIT_PARENT_DEATH_SIGNAL]
              forward SIGNAL when the thread that started swinit exits (KILL kills
              swinit alone)

        Exit status
          -e, --exit-code FROM[:TO]  [SWINIT_EXIT_CODE]
              report exit status FROM as TO, 0 unless given; repeatable

        Logging and diagnosis
          -v, --verbose  [SWINIT_VERBOSITY]
              log what is forwarded and how COMMAND terminates; -vv: every reap too
          -w, --warn-reaped  [SWINIT_WARN_REAPED]
              log each adopted orphan that is reaped, with its name
          --log-format text|json  [SWINIT_LOG_FORMAT]
              write messages as sentences (the default) or as JSON objects
          --termination-log[=PATH]  [SWINIT_TERMINATION_LOG]
              write how COMMAND terminated to PATH (default: /dev/termination-log)
          --zombie-check DURATION  [SWINIT_ZOMBIE_CHECK]
              look this often for zombies that other processes do not reap
          --ps  print the processes that /proc shows as a tree, and exit

        Compatibility
          -g, --group  [TINI_KILL_PROCESS_GROUP]
              signal COMMAND's process group: the default
          -s, --subreaper  [TINI_SUBREAPER]
              adopt orphans: always the case
          -h, --help; -V, --version; -l, --license  print this, the version, the license

        swinit exits with COMMAND's status; 128+N when signal N killed it; 127 when it
        is not found, 126 when it cannot be executed, 125 when swinit itself fails.

        """)
  }

  @Test("The text of --help fits a terminal of 80 columns and 60 lines")
  func size() {
    let lines = text(of: .help).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count <= 60)
    for line in lines {
      #expect(line.count <= 80)
      #expect(line.last != " ")
    }
  }

  @Test(
    "The text of --version begins with the prefix that Docker's daemon parses, and has no commit ID"
  )
  func version() {
    #expect(text(of: .version) == "tini version 0.19.0 (swinit 0.2.0)\n")
  }

  @Test("The text of -V prints the name and the version alone")
  func ownVersion() {
    #expect(text(of: .ownVersion) == "swinit 0.2.0\n")
  }

  @Test("--license prints the file LICENSE, and the notice of musl, whose license asks for it")
  func license() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../../LICENSE")
    let license = try String(contentsOf: file, encoding: .utf8)
    #expect(text(of: .license).hasPrefix(license))
    #expect(
      text(of: .license).dropFirst(license.count) == """

        The release binary contains parts of musl, https://musl.libc.org, under the
        same license: Copyright (c) 2005-2020 Rich Felker, et al.

        """)
  }
}
