import CProbe

/// `beside-silent-mount DIRECTORY COMMAND…` mounts a file system that never answers, runs the
/// command, and exits with its status, which unmounts the file system. It prints `asked` when a
/// process sends a request: that process cannot die before the file system is gone.
func mountSilently(_ words: [String]) -> Never {
  guard let directory = words.first else { fail("beside-silent-mount takes a directory") }
  check(probe_unshare_mounts(), "unshare")
  let device = check(probe_open_fuse(), "open /dev/fuse")
  let options = "fd=\(device),rootmode=40000,user_id=0,group_id=0"
  check(unsafe mount("silent", directory, "fuse", 0, options), "mount")
  guard let command = forkChild() else {
    close(device)
    become(Array(words[1...]))
  }
  guard let server = forkChild() else { serve(device) }
  close(device)
  var status: Int32 = 0
  check(unsafe waitpid(command, &status, 0), "waitpid")
  check(kill(server, SIGKILL), "kill")
  _exit(Int32(probe_exited(status) != 0 ? probe_exit_code(status) : 128 + probe_signal(status)))
}

private func serve(_ device: Int32) -> Never {
  var request = [UInt8](repeating: 0, count: 1 << 17)
  check(unsafe read(device, &request, request.count), "read")
  let header = unsafe request.withUnsafeBytes { unsafe $0.load(as: fuse_in_header.self) }
  var answer = probe_fuse_init_answer()
  answer.header.unique = header.unique
  let size = MemoryLayout<probe_fuse_init_answer>.size
  check(unsafe CProbe.write(device, &answer, size), "write")
  while true {
    check(unsafe read(device, &request, request.count), "read")
    say("asked")
  }
}

/// `hold-exit PID` traces a process, so that it stops before it exits, and never lets it go on. It prints
/// `held` when that is so.
func holdExit(_ words: [String]) -> Never {
  check(probe_hold_exit(pid_t(number(words, 0))), "ptrace")
  say("held")
  while true { pause(microseconds: 900_000) }
}

/// `interrupt PID` stops a process as its tracer and lets it go on, ten times a second until it has
/// exited. It prints `interrupted` after the first time.
func interrupt(_ words: [String]) -> Never {
  let process = pid_t(number(words, 0))
  check(probe_interrupt(process), "ptrace")
  say("interrupted")
  repeat { pause(microseconds: 100_000) } while probe_interrupt(process) == 0
  _exit(0)
}

/// `ask PATH` requests a file's attributes.
func ask(_ words: [String]) -> Never {
  guard let path = words.first else { fail("ask takes a path") }
  var attributes = stat()
  _ = unsafe stat(path, &attributes)
  _exit(0)
}
