/// What `--help`, `--version` and `--license` print.
public enum Help {
  /// The shape of a command line.
  public static let usage: StaticString = "swinit [OPTIONS] [--] COMMAND [ARG...]"

  /// Docker's daemon reads the version of its init from the words `tini version `; there must be no
  /// commit id behind the number, which makes some versions of the daemon fail.
  public static let version: StaticString = "tini version 0.19.0 (swinit 0.1.0)\n"

  /// How many pieces the help has.
  public static let pieces = 2 + Int(Flag.count)

  /// Writes one piece of the help, counted from zero; the pieces in turn are the whole.
  public static func write(piece: Int, to line: inout Line) {
    switch piece {
    case 0:
      line.append("usage: ")
      line.append(usage)
      line.append(introduction)
    case 1 + Int(Flag.count): line.append(conclusion)
    default:
      if let flag = Flag(rawValue: UInt8(truncatingIfNeeded: piece - 1)) {
        write(flag, to: &line)
      }
    }
  }

  private static let introduction: StaticString = """


    Runs COMMAND, forwards signals to its process group, reaps every zombie, and
    leaves with COMMAND's exit status. Made to be PID 1 of a container.

      ENTRYPOINT ["/swinit", "--"]         in a Dockerfile
      docker run --init IMAGE COMMAND      with swinit as the daemon's init-path
      swinit -e 143 -- java -jar app.jar   an end by SIGTERM is a success
      swinit -r TERM:QUIT -- nginx         nginx's graceful stop is SIGQUIT

    Options, and the environment variables that stand for them:


    """

  private static let conclusion: StaticString = """

    Exit status: COMMAND's own; 128+N when signal N killed it; 127 when it isn't
    found, 126 when it can't be executed, 125 when swinit itself is at fault.

    """

  private static let indentation: StaticString = "                "

  /// Writes the flag on a line, its description on the next ones.
  private static func write(_ flag: Flag, to line: inout Line) {
    line.append("  -")
    line.append(byte: flag.letter)
    line.append(", ")
    line.append(flag.name)
    line.append(flag.placeholder)
    line.append("\n")
    let help = Text(flag.help)
    line.append(indentation)
    for index in 0..<help.count {
      line.append(byte: help[index])
      if help[index] == .ascii("\n") { line.append(indentation) }
    }
    line.append("\n")
  }
}
