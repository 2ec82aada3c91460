import Foundation
import Pages

/// The files of these tests, under a unique name.
enum Workspace {
  /// A part of the name of every directory, cgroup, container and image, and of each environment. It
  /// is partly random, since an interrupted run may have had the same process ID.
  static let token = "swtest-\(getpid())-\(String(UInt16.random(in: .min ... .max), radix: 16))"

  static let directory = URL(filePath: "/tmp/\(token)")

  /// Debian's programs come before others of the same names.
  static let environment = [
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": directory.path, "SWTEST": token,
    "LANG": "C.UTF-8", "TERM": "xterm",
  ]

  /// The binary under test: the one that ships, unless `SWINIT` names another.
  static let swinit = URL(
    filePath: StandIn.isUsed
      ? StandIn.path
      : ProcessInfo.processInfo.environment["SWINIT"].flatMap { $0.isEmpty ? nil : $0 }
        ?? packageDirectory.appending(path: ".build-musl/release/swinit").path)

  /// A root directory with busybox, its links, and swinit as `/swinit`.
  static let rootfs = Result {
    try makeRootfs(directory.appending(path: "rootfs"))
  }

  private static func makeRootfs(_ root: URL) throws -> URL {
    let files = FileManager.default
    for name in ["bin", "dev", "etc", "proc", "run", "sys/fs/cgroup", "tmp", "usr", "var", "root"] {
      try files.createDirectory(
        at: root.appending(path: name), withIntermediateDirectories: true)
    }
    try files.copyItem(
      at: URL(filePath: "/bin/busybox"), to: root.appending(path: "bin/busybox"))
    for applet in try succeed(["busybox", "--list"]).split(separator: "\n")
    where applet != "busybox" {
      try files.createSymbolicLink(
        atPath: root.appending(path: "bin/\(applet)").path, withDestinationPath: "busybox")
    }
    try files.copyItem(at: swinit, to: root.appending(path: "swinit"))
    try files.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: root.appending(path: "swinit").path)
    try files.setAttributes(
      [.posixPermissions: 0o1777], ofItemAtPath: root.appending(path: "tmp").path)
    try write("root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n", root, "etc/passwd")
    try write("root:x:0:\nnogroup:x:65534:\n", root, "etc/group")
    try write("ID=busybox\n", root, "etc/os-release")
    try write("not to be executed\n", root, "etc/plain")
    // systemd-nspawn calls it to look up a user.
    try writeProgram(
      """
      #!/bin/sh
      case $1 in
        passwd) grep "^$2:" /etc/passwd ;;
        initgroups) echo "$2 65534" ;;
      esac
      """, root, "bin/getent")
    // Some engines do not mount devices.
    try write("", root, "dev/null")
    try files.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: root.appending(path: "dev/null").path)
    return root
  }

  private static func write(_ text: String, _ root: URL, _ path: String) throws {
    try Data(text.utf8).write(to: root.appending(path: path))
  }

  private static func writeProgram(_ text: String, _ root: URL, _ path: String) throws {
    try write(text + "\n", root, path)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: root.appending(path: path).path)
  }

  /// A unique name.
  static func newName(_ prefix: String) -> String {
    "\(token)-\(prefix)-\(UUID().uuidString.prefix(8).lowercased())"
  }

  /// An empty file.
  static func newFile(_ prefix: String) throws -> URL {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let file = directory.appending(path: newName(prefix))
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
      throw Failure("cannot create \(file.path)")
    }
    return file
  }

  /// An empty directory.
  static func newDirectory(_ prefix: String) throws -> URL {
    let url = directory.appending(path: newName(prefix))
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }
}
