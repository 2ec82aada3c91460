// How the facts of messages are written.

extension Message {
  mutating func add(_ key: Text, _ process: ProcessID) { add(key, Int(process.rawValue)) }

  /// Adds a name between parentheses, unless it couldn't be read.
  @inline(never)
  mutating func add(_ name: ProcessName) {
    guard !name.isEmpty else { return }
    say(" (")
    unsafe name.withText { add("name", $0) }
    say(")")
  }

  @inline(never)
  mutating func add(_ target: Target) {
    switch target {
    case .process(let process):
      say("process ")
      add("pid", process)
    case .group(let leader):
      say("process group ")
      add("group", leader)
    }
  }

  mutating func add(_ sender: ReceivedSignal.Sender) {
    switch sender {
    case .process(let process):
      say(" from process ")
      add("sender", process)
    case .outside: say(" from outside the PID namespace")
    case .kernel: say(" from the kernel")
    case .unknown: break
    }
  }

  @inline(never)
  mutating func add(_ status: WaitStatus) {
    switch status.change {
    case .exited(let status):
      say("exited with status ")
      add("status", Int(status.rawValue))
    case .killed(let signal, let coreDumped):
      say("was killed by ")
      add("killed_by", signal)
      if coreDumped {
        say(", core dumped")
        addTruth("core_dumped")
      }
    // Nothing reports these.
    case .stopped, .continued: break
    }
  }

  @inline(never)
  mutating func add(_ error: SystemError) {
    if let words = error.words {
      add("error", words: words)
    } else {
      say("error ")
      add("errno", Int(error.rawValue))
    }
  }

  /// Adds an amount of memory, if it is known: a sentence has it in KiB or MiB, an object in bytes.
  @inline(never)
  mutating func add(_ key: Text, bytes: Int64?, after words: Text) {
    guard let bytes else { return }
    say(words)
    guard !isObject else { return add(key, bytes) }
    let mebi: Int64 = 1 << 20
    guard bytes >= mebi else {
      line.append(bytes / 1024)
      line.append(" KiB")
      return
    }
    line.append(bytes / mebi)
    let tenths = bytes % mebi * 10 / mebi
    if tenths > 0 {
      line.append(".")
      line.append(tenths)
    }
    line.append(" MiB")
  }

  /// Adds a time: a sentence has it in seconds, an object in milliseconds.
  @inline(never)
  mutating func add(_ key: Text, milliseconds: Int64) {
    guard !isObject else { return add(key, milliseconds) }
    line.append(milliseconds / 1000)
    line.append(".")
    line.append(milliseconds % 1000, digits: 3)
    line.append(" s")
  }
}
