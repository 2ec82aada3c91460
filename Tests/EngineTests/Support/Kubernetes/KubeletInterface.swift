import Foundation

/// A client of containerd's CRI plugin, as the kubelet is one. A gRPC call is one HTTP/2 request
/// with the length of the message before it.
struct KubeletInterface {
  let socket: String

  func call(_ method: String, _ request: Message) throws -> Reply {
    let requestFile = try Workspace.newFile("request")
    let replyFile = try Workspace.newFile("reply")
    defer {
      try? FileManager.default.removeItem(at: requestFile)
      try? FileManager.default.removeItem(at: replyFile)
    }
    try framed(request.bytes).write(to: requestFile)
    let headers = try succeed([
      "curl", "--silent", "--show-error", "--max-time", "120", "--http2-prior-knowledge",
      "--unix-socket", socket, "--header", "Content-Type: application/grpc",
      "--header", "TE: trailers", "--data-binary", "@\(requestFile.path)",
      "--output", replyFile.path, "--dump-header", "-",
      "http://localhost/runtime.v1.RuntimeService/\(method)",
    ])
    guard headers.lowercased().contains("grpc-status: 0") else {
      throw Failure("\(method): \(headers)")
    }
    guard let reply = Reply(try Data(contentsOf: replyFile).dropFirst(5)) else {
      throw Failure("\(method) gave no message")
    }
    return reply
  }

  private func framed(_ message: Data) -> Data {
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: message.count >> $0) }
    return Data([0] + length) + message
  }
}
