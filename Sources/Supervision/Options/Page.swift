/// A page that swinit prints instead of running a command.
public enum Page: Sendable {
  /// How swinit is used: the command line, its options, and the exit status.
  case help
  /// The version.
  case version
  /// The license.
  case license

  /// Writes the page, all of which fits in a line.
  public func write(to line: inout Line) {
    switch self {
    case .help: Page.writeHelp(to: &line)
    case .version: line.append(Page.versionText)
    case .license: line.append(Page.licenseText)
    }
    line.end()
  }

  /// Docker's daemon reads the version of its init from the words `tini version `; there must be no
  /// commit id behind the number, which makes some versions of the daemon fail.
  private static var versionText: Text { "tini version 0.19.0 (swinit 0.1.0)" }
}
