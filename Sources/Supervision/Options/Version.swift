extension Page {
  /// The only place of swinit's version: `.ci/version` reads this line for packages and images, and a
  /// test compares the manual page and the changelog with it.
  static var nameAndVersion: Text { "swinit 0.2.0" }
}
