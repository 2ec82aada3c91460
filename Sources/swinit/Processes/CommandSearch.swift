import CLinux
import Supervision

/// The files that a command may be, in the order in which execvp(3) tries them.
struct CommandSearch {
  /// Where commands are looked for when there is no `PATH`: what engines set it to.
  private static var defaultPath: Text {
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  }

  private let command: Text
  /// Where it is still to be looked for.
  private var directories: Text?
  /// Whether the command is looked for in `PATH`: it has no slash.
  let usesPath: Bool

  /// A search for `command`, a string of C; without a slash in it, in the directories of `path`.
  init(for command: Text, in path: Text?) {
    self.command = command
    usesPath = command.firstIndex(of: .ascii("/")) == nil
    directories = command.isEmpty ? nil : path ?? CommandSearch.defaultPath
  }

  /// The next file, nil after the last. The next call overwrites it if it is from `PATH`.
  @inline(never)  // 112 bytes
  mutating func next() -> CString? {
    while let rest = directories {
      guard usesPath else {
        directories = nil
        return unsafe command.cString
      }
      let (directory, tail) = rest.split(at: .ascii(":"))
      directories = tail
      // An empty one is the working directory. Without a slash, a shell might take the file's name
      // for an option.
      let place = directory.isEmpty ? "." : directory
      if let file = CommandSearch.join(place, command) { return file }
    }
    return nil
  }

  /// The path of a file in a directory, nil if it is longer than any that can be opened. The next
  /// call overwrites it.
  static func join(_ directory: Text, _ file: Text) -> CString? {
    var path = PathBuffer.file
    path.append(directory)
    if !directory.isEmpty { path.append(byte: .ascii("/")) }
    path.append(file)
    return path.cString
  }
}
