package import Foundation

/// A temporary directory that all users can read. It is removed with this object.
package final class TemporaryDirectory {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "swinit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in it.
  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Creates a file and gives its path.
  @discardableResult
  package func file(_ name: String, _ text: String, mode: Int = 0o755) throws -> String {
    try file(name, Data(text.utf8), mode: mode)
  }

  @discardableResult
  package func file(_ name: String, _ bytes: Data, mode: Int = 0o755) throws -> String {
    try spawnLock.withLock { try bytes.write(to: URL(fileURLWithPath: self(name))) }
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self(name))
    return self(name)
  }

  /// Copies a program, for users who can't read its own directory.
  package func copy(of path: String, _ name: String) throws -> String {
    try spawnLock.withLock {
      try FileManager.default.copyItem(atPath: path, toPath: self(name))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: self(name))
    return self(name)
  }
}
