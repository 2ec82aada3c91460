// Facts: the words before each in a sentence, and its field in an object.
//
// Each `@inline(never)` makes the binary 16 to 336 bytes smaller: these functions have many callers.

extension Message {
  @inline(never)
  mutating func add(_ words: Literal, _ field: Literal, _ number: Int64) {
    add(words, orName: field)
    line.append(number)
  }

  mutating func add(_ words: Literal, _ field: Literal, _ number: Int) {
    add(words, field, Int64(number))
  }

  /// Adds a fact that the words of a sentence state.
  mutating func add(_ words: Literal, true field: Literal) {
    add(words, orName: field)
    if isObject { line.append("true") }
  }

  @inline(never)
  mutating func add(_ words: Literal, command: Text) { add(words, "command", quoted: command) }

  mutating func add(command: Text) { add("", command: command) }

  /// Adds text from outside; a sentence has it between apostrophes.
  @inline(never)
  mutating func add(_ words: Literal, _ field: Literal, quoted text: Text) {
    add(words)
    add("'", field, text)
    add("'")
  }

  /// Adds text from outside.
  @inline(never)
  mutating func add(_ words: Literal, _ field: Literal, _ text: Text) {
    add(words, orName: field)
    addQuote()
    line.append(foreign: text, inJSON: isObject)
    addQuote()
  }

  @inline(never)
  mutating func add(_ words: Literal, _ field: Literal, _ signal: Signal) {
    add(words, orName: field)
    addQuote()
    line.append(signal)
    addQuote()
  }

  @inline(never)
  mutating func add(_ words: Literal, _ process: ProcessID) {
    add(words, "pid", Int64(process.rawValue))
  }

  /// Adds a process, with its name in parentheses if it is known.
  mutating func add(_ words: Literal, _ process: ProcessID, _ name: ProcessName) {
    add(words, process)
    guard !name.isEmpty else { return }
    unsafe name.withText { add(" (", "name", $0) }
    add(")")
  }

  @inline(never)
  mutating func add(_ words: Literal, _ target: Target) {
    add(words)
    switch target {
    case .process(let process): add("process ", process)
    case .group(let leader): add("process group ", "group", Int64(leader.rawValue))
    }
  }

  /// Adds where a signal came from, if that is known.
  @inline(never)
  mutating func add(_ sender: ReceivedSignal.Sender) {
    switch sender {
    case .process(let process): add(" from process ", "sender", Int64(process.rawValue))
    case .outside: add(" from outside the PID namespace")
    case .kernel: add(" from the kernel")
    case .unknown: break
    }
  }

  mutating func add(_ words: Literal, _ status: WaitStatus) {
    add(words)
    switch status.change {
    case .exited(let status): add("exited with status ", "status", Int64(status.rawValue))
    case .killed(let signal, let coreDumped):
      add("was killed by ", "killed_by", signal)
      if coreDumped { add(", core dumped", true: "core_dumped") }
    // No report has these.
    case .stopped, .continued: break
    }
  }

  @inline(never)
  mutating func add(_ words: Literal, _ error: SystemError) {
    add(words)
    guard let description = error.words else {
      return add("error ", "errno", Int64(error.rawValue))
    }
    add("", orName: "error")
    addQuote()
    line.append(description)
    addQuote()
  }

  /// Adds an amount of memory: a sentence has it in KiB or MiB, an object in bytes.
  mutating func add(_ words: Literal, _ field: Literal, bytes: Int64) {
    guard !isObject else { return add(words, field, bytes) }
    line.append(words.text)
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
  mutating func add(_ words: Literal, _ field: Literal, milliseconds: Int64) {
    guard !isObject else { return add(words, field, milliseconds) }
    line.append(words.text)
    line.append(milliseconds / 1000)
    line.append(".")
    line.append(milliseconds % 1000, digits: 3)
    line.append(" s")
  }

  /// Adds a time that somebody has set, as they may have written it: `2s`, `1500ms`.
  mutating func add(_ words: Literal, _ field: Literal, setMilliseconds milliseconds: Int64) {
    guard !isObject else { return add(words, field, milliseconds) }
    line.append(words.text)
    let hasSeconds = milliseconds % 1000 == 0
    line.append(hasSeconds ? milliseconds / 1000 : milliseconds)
    line.append(hasSeconds ? "s" : "ms")
  }

  /// Adds the first few of the processes that were killed, if any were.
  mutating func add(_ words: Literal, _ field: Literal, _ killed: Summary.KilledProcesses) {
    guard killed.count > 0 else { return }
    add(words, orName: field)
    if isObject { line.append("[") }
    killed.write(to: &line, inJSON: isObject)
    if isObject { line.append("]") }
  }
}
