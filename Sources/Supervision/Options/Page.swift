/// A page that swinit prints instead of running a command.
public enum Page: Sendable {
  /// How swinit is used: the command line, its options, and the exit status.
  case help
  /// The version, as Docker's daemon asks for it.
  case version
  /// The version alone.
  case ownVersion
  /// The license.
  case license

  /// Writes the page, all of which fits in a line.
  public func write(to line: inout Line) {
    switch self {
    case .help: Page.writeHelp(to: &line)
    case .version:
      // Docker's daemon takes the version of its init from these words; a commit id behind the number
      // makes some versions of the daemon fail.
      line.append("tini version 0.19.0 (")
      line.append(Page.nameAndVersion)
      line.append(")")
    case .ownVersion: line.append(Page.nameAndVersion)
    case .license: line.append(Page.licenseText)
    }
    line.end()
  }
}
