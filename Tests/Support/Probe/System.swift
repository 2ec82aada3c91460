import CProbe

/// Helpers of the probe's programs: arguments, output and processes.

func fail(_ reason: String) -> Never {
  write("probe: \(reason) (errno \(probe_errno()))\n", to: STDERR_FILENO)
  _exit(99)
}

/// Exits if a system call has failed that must not fail.
@discardableResult
func check<Number: SignedInteger>(_ result: Number, _ call: String) -> Number {
  if result < 0 { fail(call) }
  return result
}

/// Prints a line with one `write`, so that lines of several processes do not mix.
func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in _ = unsafe CProbe.write(descriptor, bytes.baseAddress, bytes.count) }
}

func number(_ words: [String], _ index: Int) -> Int {
  guard words.indices.contains(index), let number = Int(words[index]) else {
    fail("word \(index) of \(words) is not a number")
  }
  return number
}

/// Forks, and gives the child's process ID, or nil in the child.
func forkChild() -> pid_t? {
  let child = check(fork(), "fork")
  return child == 0 ? nil : child
}

func makePipe() -> (reader: Int32, writer: Int32) {
  var ends: [Int32] = [0, 0]
  check(unsafe pipe(&ends), "pipe")
  return (ends[0], ends[1])
}

/// The arguments for `execve`. They are never freed, because the process is about to be replaced.
func vector(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
  unsafe words.map { unsafe strdup($0) } + [nil]
}

/// Executes the command, which is looked up in PATH.
func become(_ command: [String]) -> Never {
  guard let name = command.first else { fail("no command to become") }
  _ = unsafe execvp(name, vector(command))
  fail("execvp \(name)")
}

/// Waits until `condition` holds, for 20 s at most.
func wait(until condition: () -> Bool) -> Bool {
  for _ in 0..<20_000 {
    if condition() { return true }
    pause(microseconds: 1000)
  }
  return false
}

func pause(microseconds: Int) {
  var time = timespec(tv_sec: 0, tv_nsec: microseconds * 1000)
  _ = unsafe nanosleep(&time, nil)
}

/// The whole of a small file, such as those of `/proc`.
func contents(of path: String) -> String? {
  let file = unsafe probe_open(path)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = unsafe read(file, &bytes, bytes.count)
  return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
}
