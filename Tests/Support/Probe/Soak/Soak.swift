import CProbe

/// `soak SEED SECONDS LEDGER SWINIT PIDS` does random work under random faults, the same for the
/// same seed, in a PID namespace. The file LEDGER lists how each orphan is about to terminate, in
/// the words of swinit's messages; SWINIT is started as a nested init; PIDS is the file of a cgroup
/// that limits the number of processes. It prints `warm` after two seconds in which it did each
/// kind of work, then how often it did each kind, then `done`. It waits for SIGUSR1 and exits with
/// 23.
func soak(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  var soak = Soak(words)
  // swinit finds these zombies in each scan. It remembers them by process ID: all other IDs in use
  // are between these two.
  let zombies = [300, 4000].map { number in
    recycleNumbers(from: number)
    guard let zombie = forkChild() else { _exit(0) }
    return zombie
  }
  for work in Soak.Work.allCases { soak.perform(work) }
  soak.perform(for: 2)
  say("warm")
  soak.perform(for: number(words, 1))
  for zombie in zombies { check(waitpid(zombie, nil, 0), "waitpid") }
  for (work, count) in soak.counts.sorted(by: { $0.key < $1.key }) { say("\(work) \(count)") }
  say("done")
  while probe_take_signal(nil) != SIGUSR1 {}
  _exit(23)
}

/// The state of a soak.
struct Soak {
  enum Work: String, CaseIterable {
    case exitingOrphans
    case dyingOrphans
    case killedOrphans
    case stoppedOrphans
    case comets
    case signals
    case signalsOfChildren
    case pauses
    case nestedEnds
    case nestedStops
    case nestedKills
    case failedForks
    case greed
    case recycling
    case rests

    /// The kinds of work, weighted by the time that each takes.
    static let often =
      [.exitingOrphans, .dyingOrphans, .killedOrphans, .stoppedOrphans]
      .flatMap { [$0, $0, $0, $0] }
      + [.comets, .signals].flatMap { [$0, $0, $0, $0, $0, $0] } + [.greed]
      + [.signalsOfChildren, .pauses, .nestedEnds, .nestedStops, .nestedKills, .failedForks]
      + [.rests] as [Work]
  }

  var random: Random
  let ledger: Int32
  let swinit: String
  let pidsLimit: String
  /// The swinit that runs this command.
  let parent = getppid()
  /// How often each kind of work was done.
  var counts: [String: Int] = [:]
  /// How many of each signal were sent and received since the last drain.
  var sent = [Int](repeating: 0, count: 65)
  var taken = [Int](repeating: 0, count: 65)

  init(_ words: [String]) {
    guard words.count == 5 else { fail("soak takes five words") }
    random = Random(state: UInt64(number(words, 0)))
    ledger = check(unsafe probe_open_to_append(words[2]), "open \(words[2])")
    swinit = words[3]
    pidsLimit = words[4]
  }

  mutating func count(_ what: String, _ number: Int = 1) { counts[what, default: 0] += number }

  /// Works for that many seconds, and waits until all work is finished.
  mutating func perform(for duration: Int) {
    let end = nanoseconds() + duration * 1_000_000_000
    var steps = 0
    while nanoseconds() < end {
      steps += 1
      if steps % 20 == 0 { perform(.recycling) }
      perform(random.element(Work.often))
      pause(microseconds: random.next(0...20_000))
    }
    settle()
  }

  mutating func perform(_ work: Work) {
    count("\(work)")
    switch work {
    case .exitingOrphans: makeExitingOrphans()
    case .dyingOrphans: makeDyingOrphans()
    case .killedOrphans: killOrphans()
    case .stoppedOrphans: continueOrphans()
    case .comets: flyComet()
    case .signals: sendSignals()
    case .signalsOfChildren: for _ in 1...200 { send(SIGCHLD) }
    case .pauses: stopAndBeContinued()
    case .nestedEnds: runNested()
    case .nestedStops: stopNested()
    case .nestedKills: killNested()
    case .failedForks: failToFork()
    case .greed: exhaustMemory()
    case .recycling: recycleNumbers(from: random.next(300...2000))
    case .rests: settle()
    }
  }

  /// Waits until no orphan, zombie or signal of earlier work is left.
  mutating func settle() {
    drain()
    guard wait(until: { children(of: parent) == [getpid()] }) else {
      fail("\(children(of: parent)) are left, beside \(getpid())")
    }
  }
}
