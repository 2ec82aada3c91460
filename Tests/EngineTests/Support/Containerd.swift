import Foundation
import TestSupport

/// A separate containerd.
enum Containerd {
  static let needs: [Need] = [
    .program("containerd"), .program("containerd-shim-runc-v2", package: "containerd"),
    .program("runc"),
  ]

  /// Starts it and gives the path of its socket.
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
    Daemons.onFinish { daemon.terminate() }
    try eventually("containerd answers", within: Patience.work) {
      try run(["ctr", "--address", socket, "version"]).status == 0
    }
    return socket
  }
}

extension Job {
  /// Terminates a daemon, which exits cleanly on SIGTERM.
  func terminate() {
    Foundation.kill(pid, SIGTERM)
    _ = try? wait()
  }
}
