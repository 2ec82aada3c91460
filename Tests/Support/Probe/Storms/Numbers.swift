import CProbe

/// Numbers that a process shares with its forked children, initially zero.
@safe
struct Numbers {
  private let numbers: UnsafeMutablePointer<Int64>

  init(_ count: Int) {
    guard let numbers = unsafe probe_share_numbers(Int32(count)) else { fail("mmap") }
    unsafe self.numbers = unsafe numbers
  }

  subscript(index: Int) -> Int {
    get { Int(unsafe probe_add(numbers + index, 0)) }
    nonmutating set { unsafe numbers[index] = Int64(newValue) }
  }

  func increment(_ index: Int) { _ = unsafe probe_add(numbers + index, 1) }
}

/// Forks a child in a process group of its own, which receives no signals for the command's group.
func forkApart(_ live: () -> Never) -> pid_t {
  let child = check(fork(), "fork")
  // Both processes call it, so that neither continues before the group exists.
  _ = setpgid(child, child)
  if child == 0 { live() }
  return child
}

/// Takes signals until this one arrives.
func waitFor(_ signal: Int32) { while probe_take_signal(nil) != signal {} }

/// Waits for a child that exits with 0.
func finish(_ child: pid_t) {
  var status: Int32 = 0
  check(unsafe waitpid(child, &status, 0), "waitpid")
  if ending(status) != "exited 0" { fail("a child \(ending(status))") }
}
