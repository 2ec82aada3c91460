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
    if isFields { line.append("true") }
  }

  /// Adds words of the program's own that are no literal.
  @inline(never)
  mutating func add(_ before: Literal, words: Text) {
    add(before)
    if !isFields { line.append(words) }
  }

  /// Adds text from outside to the sentence, between apostrophes; an object has no field for it.
  mutating func add(_ words: Literal, sentenceOnly text: Text) {
    if !isFields { add(words, "", quoted: text) }
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
    line.append(foreign: text, inJSON: isFields)
    addQuote()
  }

  /// Adds the signal that the event is about, by its name and its number.
  @inline(never)
  mutating func add(_ words: Literal, _ signal: Signal) {
    add(words, "signal", signal)
    if isFields { add("", "signal_number", Int64(signal.rawValue)) }
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

  /// Adds the state of a process, a letter.
  mutating func add(_ words: Literal, state: UInt8) {
    add(words, orName: "state")
    addQuote()
    line.append(byte: state)
    addQuote()
  }

  /// Adds how sure a fact is, which the words of a sentence state.
  mutating func add(certainty: Certainty) {
    guard isFields else { return }
    add("", orName: "certainty")
    addQuote()
    line.append(certainty == .observed ? "observed" : "inferred")
    addQuote()
  }

  /// Adds the limit and the peak of memory, as far as they are known.
  @inline(never)
  mutating func add(limit: Int64?, peak: Int64?) {
    if let limit { add("; limit ", "limit_bytes", bytes: limit) }
    if let peak { add(limit == nil ? "; peak " : ", peak ", "peak_bytes", bytes: peak) }
  }

  @inline(never)
  mutating func add(_ words: Literal, _ target: Target) {
    add(words)
    switch target {
    case .process(let process): add("process ", process)
    case .group(let leader): add("process group ", "pgid", Int64(leader.rawValue))
    }
  }

  /// Adds where a signal came from, if that is known.
  @inline(never)
  mutating func add(_ sender: ReceivedSignal.Sender) {
    switch sender {
    case .process(let process): add(" from process ", "sender_pid", Int64(process.rawValue))
    case .outside: add(" from outside the PID namespace")
    case .kernel: add(" from the kernel")
    case .unknown: break
    }
  }

  mutating func add(_ words: Literal, _ status: WaitStatus) {
    add(words)
    switch status.change {
    case .exited(let status): add("exited with status ", "exit_code", Int64(status.rawValue))
    case .killed(let signal, let coreDumped):
      add("was killed by ", signal)
      if coreDumped { add(", core dumped", true: "core_dumped") }
    // No report has these.
    case .stopped, .continued: break
    }
  }

  @inline(never)
  mutating func add(_ words: Literal, _ error: SystemError) {
    add(words)
    guard isFields else { return line.append(error) }
    if let description = error.words {
      add("", orName: "error")
      addQuote()
      line.append(description)
      addQuote()
    }
    add("", "errno", Int64(error.rawValue))
  }

  /// Adds an amount of memory: a sentence has it in KiB or MiB, an object in bytes.
  mutating func add(_ words: Literal, _ field: Literal, bytes: Int64) {
    guard !isFields else { return add(words, field, bytes) }
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
    guard !isFields else { return add(words, field, milliseconds) }
    line.append(words.text)
    let duration = max(milliseconds, 0)
    guard duration >= 1000 else {
      line.append(duration)
      return line.append("ms")
    }
    line.append(duration / 1000)
    var fraction = duration % 1000
    var digits = 3
    while digits > 0 && fraction % 10 == 0 {
      fraction /= 10
      digits &-= 1
    }
    if digits > 0 {
      line.append(".")
      line.append(fraction, digits: digits)
    }
    line.append("s")
  }

  /// Adds how many processes were killed, and the first few of them, as an array in an object.
  mutating func add(
    _ words: Literal, _ count: Int, _ killed: Summary.KilledProcesses
  ) {
    add(words, "killed_count", count)
    add(count == 1 ? " process" : " processes")
    guard killed.count > 0 else { return }
    add(": ", orName: "killed")
    killed.write(to: &line, inJSON: isFields)
  }
}
