import CProbe

/// `storm SIGNALS ORPHANS` sends signals through swinit as fast as possible while orphans exit. It
/// prints `done SENT RETRIED`, and repeats that for each SIGUSR1 from another process.
///
/// A round has about 2,000 signals: each real-time signal several times, the lowest first, and all
/// the others in between. Larger rounds would exceed the number of signals that the kernel queues.
func weatherStorm(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  var isFirst = true
  while true {
    // A small storm touches the same memory as a large one.
    let share = isFirst ? 10 : 1
    let storm = Storm()
    let sent = storm.rage(signals: number(words, 0) / share, orphans: number(words, 1) / share)
    say("done \(sent) \(storm.retries)")
    isFirst = false
    waitFor(SIGUSR1)
  }
}

private struct Storm {
  private static let realTime = 32...64 as ClosedRange<Int32>
  private static let others = (1...31 as ClosedRange<Int32>).filter {
    ![SIGKILL, SIGSTOP, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU].contains($0)
  }
  /// How often a round sends each signal.
  private static let copies = 30

  /// The time of the last attempt to send each signal, in nanoseconds; and in the last element, the
  /// number of failed attempts.
  private let lastSent = Numbers(66)
  private let supervisor = getppid()

  var retries: Int { lastSent[65] }

  /// Runs the storm, and gives the number of signals that were sent and received.
  func rage(signals: Int, orphans: Int) -> Int {
    let maker = forkApart { die(orphans) }
    var lastTaken = [Int](repeating: 0, count: 65)
    let perRound = Storm.copies * (Storm.realTime.count + Storm.others.count)
    let rounds = (signals + perRound - 1) / perRound
    for _ in 1...rounds {
      let sender = forkApart { send() }
      take(&lastTaken)
      finish(sender)
      for signal in Storm.others where lastTaken[Int(signal)] < lastSent[Int(signal)] {
        fail("signal \(signal) didn't come after the last was sent")
      }
    }
    finish(maker)
    return rounds * perRound
  }

  private func send() -> Never {
    for number in 0..<Storm.realTime.count * Storm.copies {
      let signal = Storm.realTime.lowerBound + Int32(number / Storm.copies)
      if number % Storm.realTime.count == 0 {
        for other in Storm.others { sendOnce(other) }
      }
      sendOnce(signal)
    }
    _exit(0)
  }

  private func sendOnce(_ signal: Int32) {
    lastSent[Int(signal)] = nanoseconds()
    while probe_queue(supervisor, signal) != 0 {
      if probe_errno() != EAGAIN { fail("rt_sigqueueinfo") }
      lastSent.increment(65)
      pause(microseconds: 100)
    }
  }

  /// Receives a round: real-time signals in number and order.
  private func take(_ lastTaken: inout [Int]) {
    var limit = timespec(tv_sec: 20, tv_nsec: 0)
    var number = 0
    while number < Storm.realTime.count * Storm.copies {
      let signal = unsafe probe_take_signal(&limit)
      if signal < 0 && probe_errno() == EAGAIN { fail("signals were lost after \(number)") }
      guard signal > 0 else { continue }
      lastTaken[Int(signal)] = nanoseconds()
      guard Storm.realTime.contains(signal) else { continue }
      let expected = Storm.realTime.lowerBound + Int32(number / Storm.copies)
      if signal != expected { fail("signal \(signal) came as number \(number), not \(expected)") }
      number += 1
    }
  }

  /// Creates orphans by the hundred, each of which must be reaped.
  private func die(_ count: Int) -> Never {
    for _ in 0..<count / 100 {
      for orphan in makeOrphans(100, { _ in _exit(0) }) where !wait(until: { kill(orphan, 0) != 0 })
      {
        fail("orphan \(orphan) is left")
      }
    }
    _exit(0)
  }
}
