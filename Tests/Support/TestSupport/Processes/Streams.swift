import Foundation
import Glibc

/// The output of a process, line by line.
package final class Stream {
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  package private(set) var isAtEnd = false
  private var isClosed = false

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// A stream that is kept open and never read.
  package static func unread(_ descriptor: Int32) -> Stream {
    let stream = Stream(descriptor)
    stream.isAtEnd = true
    return stream
  }

  package func close() {
    if !isClosed { Glibc.close(descriptor) }
    isClosed = true
    isAtEnd = true
  }

  package func nextLine() -> String? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { bytes.removeSubrange(...end) }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  package func takeRest() -> String {
    defer { bytes = [] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads the available output, after waiting for it if there is none.
  package static func read(_ streams: [Stream], within milliseconds: Int32) {
    let open = streams.filter { !$0.isAtEnd }
    var polled = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    _ = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
    for (stream, state) in zip(open, polled) where state.revents != 0 { stream.readOnce() }
  }

  private func readOnce() {
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
    if count > 0 { bytes += chunk[..<count] } else { isAtEnd = true }
  }
}

/// The destination of standard error.
package enum ErrorSink: Sendable {
  case captured
  case file(String)
  /// A full pipe that is never read.
  case fullPipe
  /// A pipe whose read end is closed.
  case closedPipe
  /// A descriptor that the test opened and reads itself.
  case descriptor(Int32)

  /// The stream that the test reads, and the descriptor to which the process writes.
  package func open() throws -> (Stream, Int32) {
    let pipe = try Pipe()
    switch self {
    case .captured: return (Stream(pipe.reader), pipe.writer)
    case .file(let path):
      close(pipe.writer)
      let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
      return (.unread(pipe.reader), try check(unsafe Glibc.open(path, flags, 0o600)))
    case .fullPipe:
      try fill(pipe)
      return (.unread(pipe.reader), pipe.writer)
    case .closedPipe:
      let stream = Stream(pipe.reader)
      stream.close()
      return (stream, pipe.writer)
    case .descriptor(let descriptor):
      close(pipe.writer)
      return (.unread(pipe.reader), try check(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)))
    }
  }

  private func fill(_ pipe: Pipe) throws {
    try check(fcntl(pipe.writer, F_SETFL, O_NONBLOCK))
    let byte = [UInt8](repeating: 0, count: 1)
    while unsafe write(pipe.writer, byte, 1) == 1 {}
    try check(fcntl(pipe.writer, F_SETFL, 0))
  }
}
