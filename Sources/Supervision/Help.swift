/// What `--help`, `--version` and `--license` print.
public enum Help {
  /// The shape of a command line.
  static let usage: StaticString = "swinit [OPTIONS] [--] COMMAND [ARG...]"

  /// Docker's daemon reads the version of its init from the words `tini version `; there must be no
  /// commit id behind the number, which makes some versions of the daemon fail.
  public static let version: StaticString = "tini version 0.19.0 (swinit 0.1.0)\n"

  /// The help: a line for each `Flag`, and what newcomers ask first.
  public static let text: StaticString = """
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

    """
}
