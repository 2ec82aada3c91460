extension Page {
  /// The shape of a command line.
  static var usage: Text { "usage: swinit [OPTIONS] [--] COMMAND [ARG...]" }

  /// Writes the help: the shape of a command line, what newcomers ask first, and all options.
  static func writeHelp(to line: inout Line) {
    line.append(usage)
    line.append(introduction)
    var sharesLine = false
    for row in Option.rows {
      line.append(sharesLine ? "; " : "  ")
      line.append(heading: row)
      let help = row.help.text
      sharesLine = help.isEmpty
      if !sharesLine { line.append(paragraph: help) }
    }
    line.append(conclusion)
  }

  private static var introduction: Text {
    """


    Runs COMMAND, forwards signals to its process group, reaps every zombie, and
    leaves with COMMAND's exit status. Made to be PID 1 of a container.

      swinit -k 10s -- npm start           nothing is left behind after 10 s
      swinit -e 143 -- java -jar app.jar   an end by SIGTERM is a success
      swinit -r TERM:QUIT -- nginx         nginx's graceful stop is SIGQUIT

    Options, and the environment variables that stand for them:


    """
  }

  private static var conclusion: Text {
    """

    Exit status: COMMAND's own; 128+N when signal N killed it; 127 when it isn't
    found, 126 when it can't be executed, 125 when swinit itself is at fault.
    """
  }
}

extension Line {
  /// Adds an option's letter, name, placeholder and environment variable.
  fileprivate mutating func append(heading row: Option.Row) {
    if row.letter != 0 {
      append("-")
      append(byte: row.letter)
      append(", ")
    }
    append(row.option.name)
    append(row.option.value.placeholder)
    guard let variable = row.variable else { return }
    append(" (")
    append(variable.text)
    append(")")
  }

  /// Adds lines of their own, indented.
  fileprivate mutating func append(paragraph text: Text) {
    var rest: Text? = text
    while let (row, tail) = rest?.split(at: .ascii("\n")) {
      append("\n      ")
      append(row)
      rest = tail
    }
    append("\n")
  }
}
