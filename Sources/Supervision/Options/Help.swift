extension Page {
  /// The shape of a command line.
  static var usage: Text { "usage: swinit [OPTIONS] [--] COMMAND [ARG...]" }

  /// Writes the help: the shape of a command line, examples, and all options.
  static func writeHelp(to line: inout Line) {
    line.append(usage)
    line.append(introduction)
    var group: Option.Group?
    var sharesLine = false
    for row in Option.rows {
      if row.group != group {
        group = row.group
        line.append("\n")
        line.append(row.group.heading)
        line.append("\n")
      }
      line.append(sharesLine ? "; " : "  ")
      sharesLine = row.help.text.isEmpty
      line.append(row, sharesLine: sharesLine)
    }
    line.append(conclusion)
  }

  private static var introduction: Text {
    """


    Runs COMMAND, forwards signals to it, reaps every zombie, and exits with its
    status. Each [VARIABLE] sets the option before it.

      ENTRYPOINT ["/swinit", "--"]                        in a Dockerfile
      docker run --init -e SWINIT_KILL_AFTER=8s IMAGE     swinit as Docker's init
      env: [{name: SWINIT_KILL_AFTER, value: 25s}]        in a Kubernetes pod
      swinit -k 10s -- make test                          in a shell

    """
  }

  private static var conclusion: Text {
    """

    swinit exits with COMMAND's status; 128+N when signal N killed it; 127 when it
    is not found, 126 when it cannot be executed, 125 when swinit itself fails.
    """
  }
}

extension Line {
  /// Adds an option's letter, name, placeholder, environment variable and help.
  fileprivate mutating func append(_ row: Option.Row, sharesLine: Bool) {
    if row.letter != 0 {
      append("-")
      append(byte: row.letter)
      append(", ")
    }
    append(row.option.name)
    append(row.option.value.placeholder)
    if sharesLine { return }
    append("  ")
    if let variable = row.variable ?? row.tini {
      append("[")
      append(variable.text)
      append("]\n      ")
    }
    var rest: Text? = row.help.text
    while let (text, tail) = rest?.split(at: .ascii("\n")) {
      append(text)
      if case .none = tail { append("\n") } else { append("\n      ") }
      rest = tail
    }
  }
}
