package import Foundation
import Glibc

/// The two ends of a pipe.
package struct Pipe {
  package let reader: Int32
  package let writer: Int32

  package init() throws {
    var ends: [Int32] = [0, 0]
    try check(unsafe pipe(&ends))
    for end in ends { try check(fcntl(end, F_SETFD, FD_CLOEXEC)) }
    (reader, writer) = (ends[0], ends[1])
  }
}

/// A failed call of libc.
package struct CallFailed: Error, CustomStringConvertible {
  package let number: Int32

  package init(number: Int32) { self.number = number }

  package var description: String { unsafe String(cString: strerror(number)) }
}

@discardableResult
package func check(_ result: Int32) throws -> Int32 {
  if result < 0 { throw CallFailed(number: errno) }
  return result
}

/// Held while a program is spawned and while one is written: between fork and exec, a child of
/// another thread would hold the file open for writing, and executing it would fail with ETXTBSY.
let spawnLock = NSLock()

/// Spawns a program with these descriptors as 0, 1, 2…, and no signal blocked or ignored.
package func spawn(
  _ command: [String], environment: [String], descriptors: [Int32]
) throws -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  // High numbers first, so that no descriptor is overwritten before it has been duplicated.
  let beyond = (descriptors.max() ?? 0) + 1
  for (number, descriptor) in descriptors.enumerated() {
    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, beyond + Int32(number))
  }
  for number in descriptors.indices {
    unsafe posix_spawn_file_actions_adddup2(&actions, beyond + Int32(number), Int32(number))
    unsafe posix_spawn_file_actions_addclose(&actions, beyond + Int32(number))
  }

  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  var all = sigset_t()
  unsafe sigemptyset(&none)
  // Also the signals that libc reserves, which sigfillset(3) leaves out.
  unsafe memset(&all, 0xff, MemoryLayout<sigset_t>.size)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setsigdefault(&attributes, &all)
  unsafe posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

  let arguments = unsafe command.map { unsafe strdup($0) } + [nil]
  let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
  defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
  var process: pid_t = 0
  spawnLock.lock()
  let error = unsafe posix_spawnp(
    &process, command[0], &actions, &attributes, arguments, variables)
  spawnLock.unlock()
  if error != 0 { throw CallFailed(number: error) }
  return process
}
