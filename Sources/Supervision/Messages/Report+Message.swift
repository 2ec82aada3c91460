// How a report becomes a message: its event's sentence is read, and the facts are filled in.

/// A fact in an event's sentence.
private enum Fact: UInt8 {
  case command, pid, name, target, signal, sender, `as`, status, error, limit, peak, zombies
  case messages, interpreter, path, hint, oom, duration, memory, cpu, orphans, killed, file

  /// The names of the facts, in the same order.
  private static var names: Text {
    """
    command pid name target signal sender as status error limit peak zombies messages \
    interpreter path hint oom duration memory cpu orphans killed file
    """
  }

  init?(_ name: Text) {
    guard let index = Fact.names.indexOfWord(name) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: index))
  }
}

extension Report {
  /// The message; `command` is COMMAND as it was called, `summary` what is known of it at the end.
  @inline(never)
  public func message(
    _ format: Message.Format, command: Text, summary: borrowing Summary
  ) -> Message {
    let line = Events.table.part(Int(event.rawValue), separator: .ascii("\n"))
    let (name, sentence) = line.dropFirst(2).split(at: .ascii(" "))
    var message = Message(format, line[0], name)
    var rest = sentence ?? ""
    while !rest.isEmpty {
      let (words, tail) = rest.split(at: .ascii("{"))
      message.say(words)
      let (fact, end) = (tail ?? "").split(at: .ascii("}"))
      if let fact = Fact(fact) { add(fact, to: &message, command, summary) }
      rest = end ?? ""
    }
    message.end()
    return message
  }

  private func add(
    _ fact: Fact, to message: inout Message, _ command: Text, _ summary: borrowing Summary
  ) {
    switch fact {
    case .command: message.add("command", quoted: command)
    case .pid: message.add("pid", event == .summary ? summary.process : process)
    case .name: message.add(name)
    case .target: message.add(target)
    case .signal: message.add("signal", received.signal)
    case .sender: message.add(received.sender)
    case .as:
      guard signal != received.signal else { return }
      message.say(" as ")
      message.add("as", signal)
    case .status: message.add(event == .summary ? summary.status : status)
    case .error: message.add(error)
    case .zombies, .messages: add(counted: fact, to: &message)
    case .interpreter: summary.failure.addInterpreter(to: &message)
    case .path: summary.failure.addPath(to: &message)
    case .hint: summary.failure.addHint(to: &message)
    case .limit: message.add("limit", bytes: summary.memory.limit, after: "; the limit is ")
    case .peak: message.add("peak", bytes: summary.memory.peak, after: "; the peak was ")
    case .oom:
      guard summary.isOutOfMemory else { return }
      message.say(", out of memory,")
      message.addTruth("out_of_memory")
    case .duration: message.add("duration_ms", milliseconds: summary.milliseconds)
    case .memory: message.add("peak", bytes: summary.usage.peak, after: "")
    case .cpu: message.add("cpu_ms", milliseconds: summary.usage.processorMilliseconds)
    case .orphans: message.add("orphans", summary.orphans)
    case .killed: summary.killed.write(to: &message)
    case .file: message.add("path", quoted: file)
    }
  }

  private func add(counted fact: Fact, to message: inout Message) {
    message.add("count", count)
    message.say(fact == .zombies ? " zombie" : " message")
    if count != 1 { message.say("s") }
    if fact == .zombies { message.say(count == 1 ? " is" : " are") }
  }
}
