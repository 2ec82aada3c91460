import Supervision

// The explorations: each about one part of what swinit does, with what may disturb just that.

extension Setting {
  static let all: [Setting] = [
    commands,
    [
      singleChild, rewrites, forbidden, strangers, inherited, breakdowns, daemonOnTerminal,
    ],
    graces, delays, daemons, stopSignals, floods, storms, terminals, reports, watches, zombies,
    pauses,
  ].flatMap { $0 }

  private static func signal(_ signal: Signal) -> ExternalEvent {
    .signal(ReceivedSignal(signal, from: .outside))
  }

  private static let realTime = Signal(rawValue: 40)

  /// A setting as PID 1, and the same as another process.
  private static func both(_ name: String, _ change: (inout Setting) -> Void) -> [Setting] {
    [true, false].map { isPID1 in
      one(name + (isPID1 ? ", as PID 1" : ", not as PID 1")) {
        $0.isPID1 = isPID1
        change(&$0)
      }
    }
  }

  private static func one(_ name: String, _ change: (inout Setting) -> Void) -> Setting {
    var setting = Setting(name: name)
    change(&setting)
    return setting
  }

  /// COMMAND and its orphans end, stop and go on while signals come, coalesced, queued and stray.
  private static let commands = both("COMMAND and its orphans") {
    $0.globals = [signal(.terminate), signal(.childChanged), signal(realTime)]
    $0.deeds = [.exit(3), .fork, .take(.kill), .take(.stop), .take(.continue)]
  }

  private static let singleChild = one("COMMAND alone is signalled") {
    $0.requested.singleChild = true
    $0.globals = [signal(.terminate), signal(.interrupt)]
    $0.deeds = [.exit(0), .fork, .take(.stop), .beginGroup]
  }

  private static let rewrites = one("signals are rewritten and dropped, statuses mapped") {
    $0.requested.rewrites = [15: 19, 2: 18, 1: 0, 3: 9]
    $0.requested.exitStatuses = [137: 3, 3: 0]
    $0.requested.verbosity = 1
    $0.globals = [
      signal(.terminate), signal(.interrupt), signal(.hangup), signal(.quit), signal(.continue),
    ]
    $0.deeds = [.exit(3), .fork]
  }

  private static let forbidden = one("some mayn't be signalled") {
    $0.requested.grace = .milliseconds(500)
    $0.globals = [signal(.terminate), signal(realTime)]
    $0.deeds = [.exit(0), .fork, .protect]
  }

  private static let strangers = one("numbers are used again, by strangers too") {
    $0.isPID1 = false
    $0.requested.grace = .milliseconds(500)
    $0.globals = [signal(.terminate), signal(realTime), .appear]
    $0.deeds = [.exit(0), .fork, .beginGroup]
    $0.energy = 4
  }

  private static let inherited = one("children from before, and zombies that nothing tells of") {
    $0.inherited = [true, false]
    $0.energy = 2
    $0.globals = [signal(.terminate)]
    $0.deeds = [.exit(0), .fork]
  }

  private static let breakdowns = one("calls fail without which nothing can be supervised") {
    $0.breaks = true
    $0.requested.grace = .infinite
    $0.requested.writesLog = true
    $0.globals = [signal(.terminate)]
    $0.deeds = [.exit(0), .fork]
  }

  /// The end with a grace period: those who don't obey, don't die, or left for elsewhere.
  private static let graces =
    both("a grace period") {
      $0.requested.grace = .milliseconds(500)
      $0.globals = [signal(.terminate), signal(.quit), signal(.childChanged), signal(realTime)]
      $0.deeds = [.exit(3), .fork, .take(.stop), .hold, .beginSession]
    }
    + both("a grace period for the stubborn, without /proc") {
      $0.requested.grace = .milliseconds(0)
      $0.isBlind = true
      $0.manners = .ignoresTerminate
      $0.globals = [signal(.terminate), signal(.hangup)]
      $0.deeds = [.exit(0), .fork, .beginGroup]
    }
    + both("a grace period without end") {
      $0.requested.grace = .infinite
      $0.manners = .ignoresAll
      $0.globals = [signal(.interrupt), signal(.terminate)]
      $0.deeds = [.exit(0), .fork, .take(.stop), .take(.kill)]
    }

  private static let hangup = ExternalEvent.signal(ReceivedSignal(.hangup, from: .kernel))

  /// The first stop signal is held back, until it is released or COMMAND ends.
  private static let delays =
    both("a stop delay and a grace period") {
      $0.requested.stopDelay = 300
      $0.requested.grace = .milliseconds(500)
      $0.requested.verbosity = 1
      $0.globals = [signal(.terminate), signal(.interrupt), hangup, signal(realTime)]
      $0.deeds = [.exit(3), .fork, .take(.stop)]
    }
    + [
      one("a stop delay on a terminal") {
        $0.isPID1 = false
        $0.job = .shells
        $0.requested.stopDelay = 300
        $0.globals = [
          .key(.interrupt), .key(.terminalStop), signal(.terminate),
          .continueByShell(inForeground: true),
        ]
        $0.deeds = [.exit(0), .take(.stop), .readTerminal]
      }
    ]

  /// COMMAND's descendants are waited for, and stopped by a later signal.
  private static let daemons =
    both("a daemon that is waited for") {
      $0.requested.waits = true
      $0.globals = [signal(.terminate), signal(.hangup), hangup]
      $0.deeds = [.exit(3), .fork, .beginSession, .take(.stop)]
    }
    + both("a daemon with a stop delay and a grace period") {
      $0.requested.waits = true
      $0.requested.singleChild = true
      $0.requested.stopDelay = 300
      $0.requested.grace = .milliseconds(500)
      $0.globals = [signal(.terminate), signal(.interrupt), signal(realTime)]
      $0.deeds = [.exit(3), .fork]
    }

  /// The terminal is swinit's again when the command has exited.
  private static let daemonOnTerminal = one("a daemon that is waited for, on a terminal") {
    $0.isPID1 = false
    $0.job = .shells
    $0.requested.waits = true
    $0.globals = [
      .key(.terminalStop), .key(.interrupt), signal(.terminate), signal(.continue),
      .continueByShell(inForeground: true), .memberReads(isSwinit: false),
    ]
    $0.deeds = [.exit(0), .fork, .take(.stop)]
  }

  /// Rewrites that make stop signals and unmake them, and signals that are ignored.
  private static let stopSignals = both("stop signals of one's choice") {
    $0.requested.grace = .milliseconds(500)
    $0.requested.stopSignals = [3, 28]
    $0.requested.rewrites = [15: 3, 28: 10, 10: 0]
    $0.requested.ignoredSignals = [3]
    $0.globals = [
      signal(.terminate), signal(.quit), signal(.windowChanged), hangup,
      .signal(ReceivedSignal(.windowChanged, from: .kernel)),
    ]
    $0.deeds = [.exit(0), .fork, .take(.stop)]
  }

  /// So many zombies that no sweep comes to its end: others have their turn after each.
  private static let floods =
    both("a flood") {
      $0.requested.reapsAtATime = 1
      $0.globals = [signal(.terminate), signal(realTime)]
      $0.deeds = [.exit(0), .fork, .take(.stop)]
    }
    + both("a flood in a grace period") {
      $0.requested.reapsAtATime = 1
      $0.requested.grace = .milliseconds(500)
      $0.requested.verbosity = 1
      $0.globals = [signal(.terminate)]
      $0.deeds = [.exit(0), .fork, .hold]
    }
    + [
      one("a flood in a pause with a grace period") {
        $0.requested.pauses = true
        $0.requested.reapsAtATime = 1
        $0.requested.grace = .milliseconds(500)
        $0.inherited = [false]
        $0.globals = [signal(.terminate)]
        $0.deeds = [.exit(0), .fork]
      }
    ]

  /// So many signals that those with higher numbers have their turn after each.
  private static let storms = both("a storm of signals in a grace period") {
    $0.requested.signalsBetweenRounds = 1
    $0.requested.grace = .milliseconds(500)
    $0.globals = [signal(.terminate), signal(.hangup), signal(realTime)]
    $0.deeds = [.exit(0), .fork]
  }

  /// A terminal: keys, stops, a shell that continues swinit in the foreground or not, others who
  /// want it.
  private static let terminals = ModelTerminal.Job.allCases.flatMap { job in
    [true, false].filter { isPID1 in
      switch job {
      case .own: true
      case .outside: true
      case .shells, .orphaned: !isPID1
      }
    }.flatMap { isPID1 in [terminal(job, isPID1), pipeline(job, isPID1)] }
  }

  private static func place(_ job: ModelTerminal.Job, _ isPID1: Bool) -> String {
    let words: [ModelTerminal.Job: String] = [
      .shells: "of a shell's job", .orphaned: "of an orphaned job", .own: "of swinit's session",
      .outside: "of a job outside",
    ]
    return "\(words[job] ?? ""), \(isPID1 ? "as PID 1" : "not as PID 1")"
  }

  private static func terminal(_ job: ModelTerminal.Job, _ isPID1: Bool) -> Setting {
    one("a terminal \(place(job, isPID1))") {
      $0.isPID1 = isPID1
      $0.job = job
      $0.requested.grace = .milliseconds(500)
      $0.globals = [
        .key(.interrupt), .key(.terminalStop), signal(.continue), .memberReads(isSwinit: false),
        .continueByShell(inForeground: true), .continueByShell(inForeground: false),
      ]
      $0.deeds = [.exit(0), .take(.stop), .take(.continue), .readTerminal, .stopItself]
    }
  }

  private static func pipeline(_ job: ModelTerminal.Job, _ isPID1: Bool) -> Setting {
    one("a terminal that others want, \(place(job, isPID1))") {
      $0.isPID1 = isPID1
      $0.job = job
      $0.takesTerminal = false
      $0.globals = [
        .key(.terminalStop), .key(.interrupt), .memberReads(isSwinit: true),
        .memberReads(isSwinit: false), .bringToForeground, signal(.terminate),
        .continueByShell(inForeground: true),
      ]
      $0.deeds = [.readTerminal, .fork, .beginGroup, .takeTerminal, .exit(0)]
    }
  }

  /// Reports: kills, out-of-memory kills, reaps, a summary.
  private static let reports =
    both("kills, at the default verbosity") {
      $0.globals = [signal(.terminate)]
      $0.deeds = [.exit(0), .fork, .take(.kill), .runOutOfMemory]
    }
    + [
      one("kills, orphans and a summary") {
        $0.requested.grace = .milliseconds(500)
        $0.requested.warnsOfReaped = true
        $0.requested.verbosity = 2
        $0.requested.writesLog = true
        $0.globals = [signal(.terminate)]
        $0.deeds = [.exit(0), .fork, .take(.kill), .runOutOfMemory]
      }
    ]

  /// Kills for lack of memory, whoever reaps, and forks that are refused, on cgroup v2. Looks take so long that
  /// one follows a kill, not twenty.
  private static let watches =
    both("kills that others reap") {
      $0.isUnified = true
      $0.walkMilliseconds = 100
      $0.globals = [.hitMemoryLimit]
      $0.deeds = [.exit(0), .fork, .runOutOfMemory, .runOutOfMemoryAndBeReaped]
      $0.energy = 4
    }
    + both("kills that are followed by many looks") {
      $0.isUnified = true
      $0.globals = [.hitMemoryLimit]
      $0.deeds = [.runOutOfMemory, .runOutOfMemoryAndBeReaped]
      $0.energy = 2
    }
    + both("kills for lack of memory and for other reasons") {
      $0.isUnified = true
      $0.walkMilliseconds = 100
      $0.requested.grace = .milliseconds(500)
      $0.globals = [signal(.terminate), .refuseFork(isFull: true), .refuseFork(isFull: false)]
      $0.deeds = [.fork, .take(.kill), .runOutOfMemory, .collectChildren, .runOutOfMemoryAsGroup]
    }

  /// Looks for zombies that others leave, each of which takes from what may happen.
  private static let zombies =
    both("looks for zombies") {
      $0.requested.zombieCheck = 1000
      $0.deeds = [.exit(0), .fork, .collectChildren]
      $0.energy = 4
    }
    + both("scans for zombies that take longer than their period") {
      $0.requested.zombieCheck = 1
      $0.scanMilliseconds = 20
      $0.requested.grace = .milliseconds(500)
      $0.globals = [signal(.terminate), signal(realTime)]
      $0.deeds = [.exit(0), .fork]
    }

  private static let pauses = [
    one("a pause") {
      $0.requested.pauses = true
      $0.inherited = [false, false]
      $0.globals = [signal(.terminate), signal(.interrupt), signal(.hangup), signal(.childChanged)]
      $0.deeds = [.exit(0), .fork]
    },
    one("a pause with a grace period") {
      $0.energy = 2
      $0.requested.pauses = true
      $0.requested.grace = .milliseconds(500)
      $0.inherited = [false, false]
      $0.globals = [signal(.terminate), signal(.hangup)]
      $0.deeds = [.exit(0), .fork, .hold, .take(.stop)]
    },
  ]
}
