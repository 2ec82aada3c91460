import Foundation
import TestSupport

/// A containerd of our own.
enum Containerd {
  static let needs: [Need] = [
    .program("containerd"), .program("containerd-shim-runc-v2", package: "containerd"),
    .program("runc"),
  ]

  /// Starts one; gives its socket.
  static func start(in directory: URL, plugins: String) throws -> String {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let socket = directory.appending(path: "containerd.sock").path
    let configuration = directory.appending(path: "containerd.toml")
    let text = """
      version = 2
      root = "\(directory.path)/root"
      state = "\(directory.path)/state"
      \(plugins)
      [plugins."io.containerd.internal.v1.opt"]
      path = "\(directory.path)/opt"
      [grpc]
      address = "\(socket)"
      """
    try Data(text.utf8).write(to: configuration)
    let daemon = try Job(["containerd", "--config", configuration.path])
    Daemons.whenAllIsOver { daemon.end() }
    try eventually("containerd answers", within: Patience.work) {
      try run(["ctr", "--address", socket, "version"]).status == 0
    }
    return socket
  }
}

extension Job {
  /// Ends a daemon that stops in good order when it is told to.
  func end() {
    Foundation.kill(pid, SIGTERM)
    _ = try? wait()
  }
}
