import Foundation
import TestSupport

/// The only container of a pod.
struct PodContainer: Container {
  let pod: Pod
  let interface: KubeletInterface
  let id: String
  let log: URL

  /// The text without the log format's prefix of each line: time, stream, and a tag.
  func output() throws -> String {
    contents(log.path).split(separator: "\n").map { line in
      line.split(separator: " ", maxSplits: 3).last.map(String.init) ?? ""
    }.joined(separator: "\n")
  }

  func exec(_ command: [String]) throws -> Outcome {
    let reply = try interface.call(
      "ExecSync", Message(.text(1, id), .texts(2, command), .number(3, 120)))
    return Outcome(status: Int32(reply.number(3)), output: reply.text(1) + reply.text(2))
  }

  func stop() throws {
    _ = try interface.call("StopContainer", Message(.text(1, id), .number(2, Patience.gracePeriod)))
  }

  /// Attaches as `kubectl attach` does, and detaches when the text is sent.
  func type(_ text: String) throws {
    let request = Message(.text(1, id), .number(2, 1), .number(3, 1), .number(4, 1))
    let address = try interface.call("Attach", request).text(1)
    // Each frame begins with the number of the stream that it belongs to.
    let frame = "0" + Data(text.utf8).base64EncodedString()
    try succeed([
      WebSocketClient.python, "-c", WebSocketClient.program,
      address.replacing("http://", with: "ws://"), "v4.base64.channel.k8s.io", frame,
    ])
  }

  func wait() throws -> Int32 {
    try eventually("the container has exited", within: Patience.end) {
      try status().number(3) == 2
    }
    return Int32(try status().number(7))
  }

  /// The file for a program's termination message.
  static let terminationLog = "/dev/termination-log"
  /// The annotation by which a kubelet finds that file again.
  static let terminationLogAnnotation = "io.kubernetes.container.terminationMessagePath"

  /// The message that `kubectl describe pod` shows, read as the kubelet reads it: from the host file
  /// that the status lists as mounted at the annotation's path.
  func terminationMessage() throws -> String {
    let status = try status()
    let annotation = status.messages(13).first { $0.text(1) == Self.terminationLogAnnotation }
    guard let mount = status.messages(14).first(where: { $0.text(1) == annotation?.text(2) })
    else { throw Failure("the status has no termination log") }
    return String(contents(mount.text(2)).prefix(4096))
  }

  /// ContainerStatus
  func status() throws -> Reply {
    let reply = try interface.call("ContainerStatus", Message(.text(1, id)))
    guard let status = reply.message(1) else { throw Failure("no status of \(id)") }
    return status
  }

  func hostPID() throws -> Int32 {
    let tasks = try succeed([
      "ctr", "--address", interface.socket, "--namespace", "k8s.io", "task", "list",
    ])
    for line in tasks.split(separator: "\n") where line.hasPrefix(id) {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      if words.count > 1, let pid = Int32(words[1]) { return pid }
    }
    throw Failure("\(id) isn't in \(tasks)")
  }

  func remove() {
    removeContainer()
    pod.remove()
  }

  /// Removes the container, but not its pod.
  func removeContainer() {
    _ = try? interface.call("RemoveContainer", Message(.text(1, id)))
  }
}

/// Sends one frame. (The package's own `wsdump` has a thread that reads the terminal, which
/// sometimes crashes Python at exit.)
enum WebSocketClient {
  /// Debian's Python, which has Debian's packages.
  fileprivate static let python = "/usr/bin/python3"
  fileprivate static let program = """
    import sys, websocket
    socket = websocket.create_connection(sys.argv[1], subprotocols=[sys.argv[2]])
    socket.send(sys.argv[3])
    socket.close()
    """

  static let need = Need.feature(
    "a WebSocket client (Debian: python3-websocket)",
    isThere: (try? run([python, "-c", "import websocket"]))?.status == 0)
}
