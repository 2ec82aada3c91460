import Foundation
import Glibc

/// Servers on this machine's loopback interface.
package enum Loopback {
  /// A port on which no process listens.
  package static func unusedPort() throws -> UInt16 {
    let socket = try makeSocket()
    defer { close(socket) }
    var address = try unsafe call(Glibc.bind, socket, port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &length)
      }
    }
    try check(result)
    return UInt16(bigEndian: address.sin_port)
  }

  /// The first part of a server's reply, at most 64 kB; nil without a reply within 5 s.
  package static func ask(_ port: UInt16, _ request: String) -> String? {
    guard let socket = try? makeSocket() else { return nil }
    defer { close(socket) }
    guard (try? unsafe call(Glibc.connect, socket, port: port)) != nil else { return nil }
    let bytes = Array(request.utf8)
    guard unsafe write(socket, bytes, bytes.count) == bytes.count else { return nil }
    var answer = [UInt8](repeating: 0, count: 65536)
    let count = unsafe read(socket, &answer, answer.count)
    return count > 0 ? String(decoding: answer[..<count], as: UTF8.self) : nil
  }

  /// A connection to a server, closed with this object.
  package final class Connection {
    private let socket: Int32

    /// Connects, unless the server refuses that.
    package init(_ port: UInt16) throws {
      socket = try makeSocket()
      do {
        try unsafe call(Glibc.connect, socket, port: port)
      } catch {
        close(socket)
        throw error
      }
    }

    deinit { close(socket) }

    package func send(_ text: String) throws {
      let bytes = Array(text.utf8)
      try check(Int32(unsafe write(socket, bytes, bytes.count)))
    }

    /// The next bytes of the reply; empty at its end. A server that leaves some of the request unread
    /// resets the connection then.
    package func receive() throws -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 65536)
      let count = unsafe read(socket, &bytes, bytes.count)
      if count < 0 && errno == ECONNRESET { return [] }
      return Array(bytes[..<Int(try check(Int32(count)))])
    }

    /// The rest of the reply.
    package func receiveAll() throws -> String {
      var bytes: [UInt8] = []
      while case let next = try receive(), !next.isEmpty { bytes += next }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Whether a server refuses connections.
  package static func refuses(_ port: UInt16) -> Bool { (try? Connection(port)) == nil }

  private static func makeSocket() throws -> Int32 {
    let socket = try check(
      Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      try check(unsafe setsockopt(socket, SOL_SOCKET, option, &limit, size))
    }
    return socket
  }

  private typealias AddressCall = (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32

  @discardableResult
  private static func call(
    _ function: AddressCall, _ socket: Int32, port: UInt16
  ) throws -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe function(socket, $0, size)
      }
    }
    try check(result)
    return address
  }
}
