/// An init and its options.
struct Contestant: Hashable {
  /// Its name in the table.
  let name: String
  let path: String
  /// Arguments that always come first.
  var options: [String] = []
  /// The option that makes it signal the command's process group, unless it does so by default; and
  /// the one that makes it signal the command alone.
  var groupOption: String?
  var singleOption: String?
  /// The option that makes it a subreaper, unless it is one by default or cannot be one.
  var subreaperOption: String?
  /// Its role in the comparison.
  var role = Role.peer
  /// How it is built: only programs that are built alike differ by what their authors wrote.
  var build = Build.musl

  /// The role of a contestant in the comparison.
  enum Role {
    /// swinit itself.
    case swinit
    /// swinit with an option that other inits lack: its numbers are not compared.
    case variant
    /// Another init.
    case peer
    /// The minimal init, once for each build.
    case floor
  }

  /// A C library and the way in which it is linked.
  enum Build: String, CaseIterable {
    case musl
    case staticGlibc = "glibc, static"
    case sharedGlibc = "glibc, shared"
  }

  /// The arguments that run a command as PID 1.
  func words(_ command: [String], toGroup: Bool = false) -> [String] {
    call(command, toGroup ? groupOption : singleOption)
  }

  /// The arguments that run a command as a plain process.
  func plainWords(_ command: [String]) -> [String] { call(command, subreaperOption) }

  private func call(_ command: [String], _ option: String?) -> [String] {
    let marker = role == .floor ? [] : ["--"]
    return [path] + options + (option.map { [$0] } ?? []) + marker + command
  }
}
