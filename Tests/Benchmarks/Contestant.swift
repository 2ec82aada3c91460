/// An init, and how it is called.
struct Contestant: Hashable {
  /// What it is called in the table.
  let name: String
  let path: String
  /// Words that come first whatever it does.
  var options: [String] = []
  /// The option that makes it send signals to COMMAND's group, unless it does so anyway; and the
  /// one that makes it send them to COMMAND alone.
  var groupOption: String?
  var singleOption: String?
  /// The option that makes it adopt orphans when it isn't PID 1, unless it does so anyway or can't.
  var subreaperOption: String?
  /// What it is to swinit.
  var role = Role.peer

  /// What a contestant is to swinit.
  enum Role {
    /// It is swinit.
    case swinit
    /// swinit with an option that others haven't: its numbers are compared with nobody's.
    case variant
    /// Another init.
    case peer
    /// The least that an init can be.
    case floor
  }

  /// The words that run a command as PID 1.
  func words(_ command: [String], toGroup: Bool = false) -> [String] {
    call(command, toGroup ? groupOption : singleOption)
  }

  /// The words that run a command as a plain process.
  func plainWords(_ command: [String]) -> [String] { call(command, subreaperOption) }

  private func call(_ command: [String], _ option: String?) -> [String] {
    let marker = role == .floor ? [] : ["--"]
    return [path] + options + (option.map { [$0] } ?? []) + marker + command
  }
}
