/// The processes that the OOM killer may have killed: those that are dying of SIGKILL, and those of the
/// largest that have gone since they were remembered.
///
/// The kernel does not say which process it killed, and the parent may reap the victim at once.
public struct OOMCandidates {
  /// What is known of a process.
  private struct Candidate {
    var victim = OOMVictim(.invalid, ProcessName())
    var state = State.dropped
    var start = Tick(rawValue: 0)
    var pages: Int64 = 0
  }

  private enum State: UInt8 {
    /// It can't be a victim that is not found yet.
    case dropped
    /// It was there at the last look.
    case present
    /// It is not found in this look.
    case missing
    /// It was dying when the largest were remembered.
    case wasDying
    /// It is dying of SIGKILL, and its parent is not swinit.
    case dying
  }

  /// How many are remembered, and how many dying ones are named after a look.
  private static let remembered = 32
  private static let capacity = 64

  private var candidates = InlineArray<64, Candidate>(repeating: Candidate())
  /// How many were added in this look.
  private var added = 0
  /// The most pages that a process had when the largest were remembered.
  private var most: Int64 = 0
  /// How many pages all of them had that could be looked at.
  public private(set) var sum: Int64 = 0
  /// Whether no process was killed since they were remembered. Later, one that isn't remembered may have taken
  /// the memory of a victim, and be the next one.
  private var isComplete = false
  /// Whether those that have gone may be victims.
  private var includesVictims = false
  /// How many of swinit's children are dying of SIGKILL.
  private var children = 0

  /// What is looked for.
  public enum Purpose: Hashable, Sendable {
    /// The largest processes are remembered, since one may be killed soon. After a kill that is not searched
    /// for yet, nothing is inferred from them.
    case remembering(afterKill: Bool)
    /// Those are found that are dying, or have gone; the group has this limit of memory in bytes. Without
    /// one, what was remembered doesn't count.
    case finding(limit: Int64?)
  }

  /// Which victims are taken.
  public enum Kind: Hashable, Sendable {
    /// Those that are dying.
    case dying
    /// Those that were remembered, and have gone.
    case gone
  }

  /// No candidates.
  public init() {}

  /// Whether pages are 60 % of a limit in bytes, or more. (Where they are larger than 4 kB, less is
  /// inferred.)
  static func areAlmostAll(_ pages: Int64, of limit: Int64?) -> Bool {
    limit.map { pages >= $0 / (5 * 4096) &* 3 } ?? false
  }

  /// Begins a look at all processes.
  public mutating func begin(_ purpose: Purpose) {
    children = 0
    var (isFinding, isFresh) = (false, false)
    switch purpose {
    case .remembering(let afterKill):
      added = 0
      sum = 0
      most = 0
      isComplete = !afterKill
    case .finding(let limit):
      added = OOMCandidates.remembered
      isFinding = true
      isFresh = limit != nil
      // Otherwise a victim may have been gone already, or another process may have taken the rest.
      includesVictims = isComplete && OOMCandidates.areAlmostAll(sum, of: limit)
      isComplete = false
    }
    for index in candidates.indices {
      let state = candidates[index].state
      candidates[index].state =
        !isFinding
        ? .dropped
        : state == .present ? .missing : state == .wasDying && isFresh ? .dying : .dropped
    }
  }

  /// Looks at a process; whether it is dying of SIGKILL, and whether it was before this look.
  public mutating func note(
    _ process: OOMVictim, _ status: ProcessStatus, _ purpose: Purpose, parentIsSwinit: Bool,
    isKilled: Bool, wasKilled: Bool
  ) {
    guard case .finding = purpose else {
      if !parentIsSwinit, !wasKilled { remember(process, status, isKilled) }
      return
    }
    for index in SafeRange(OOMCandidates.remembered)
    where candidates[index].victim.process == process.process
      && candidates[index].start == status.start ?? Tick(rawValue: 0)
    {
      switch candidates[index].state {
      case .missing:
        candidates[index].state = isKilled || status.isZombie ? .dropped : .present
      // A zombie that its parent hasn't reaped since may have been there for long.
      case .dying where candidates[index].pages == 0: candidates[index].state = .dropped
      default: break
      }
    }
    guard isKilled else { return }
    if parentIsSwinit {
      children &+= 1
    } else if !wasKilled {
      put(process, status, .dying, at: added)
      added &+= 1
    }
  }

  /// Remembers a process, in the place of the smallest if there is no other.
  private mutating func remember(
    _ process: OOMVictim, _ status: ProcessStatus, _ isKilled: Bool
  ) {
    most = max(most, status.pages)
    sum &+= status.pages
    var place = added
    if added < OOMCandidates.remembered {
      added &+= 1
    } else {
      var least = isKilled ? .max : status.pages
      place = OOMCandidates.capacity
      for index in SafeRange(OOMCandidates.remembered)
      where candidates[index].pages < least {
        place = index
        least = candidates[index].pages
      }
      guard place < OOMCandidates.remembered else { return }
    }
    put(process, status, isKilled ? .wasDying : .present, at: place)
  }

  private mutating func put(
    _ process: OOMVictim, _ status: ProcessStatus, _ state: State, at index: Int
  ) {
    guard candidates.indices ~= index else { return }
    // One that is exiting has no memory any more, but is no zombie yet.
    candidates[index] = Candidate(
      victim: process, state: state, start: status.start ?? Tick(rawValue: 0),
      pages: status.isZombie ? 0 : max(1, status.pages))
  }

  /// What the look has found. (Mutating: otherwise the candidates would be copied.)
  public var found: OOMVictims {
    mutating get {
      var victims = OOMVictims(children: children, dying: 0, gone: 0)
      for index in candidates.indices {
        if isVictim(index, .dying) { victims.dying &+= 1 }
        if isVictim(index, .gone) { victims.gone &+= 1 }
      }
      return victims
    }
  }

  /// Takes the next victim of a kind; nil if there is none left.
  public mutating func take(_ kind: Kind) -> OOMVictim? {
    for index in candidates.indices where isVictim(index, kind) {
      candidates[index].state = .dropped
      return candidates[index].victim
    }
    return nil
  }

  /// Whether this one is a victim. The OOM killer chooses the largest: one that has gone, and was not half
  /// as large as another, has exited by itself.
  private mutating func isVictim(_ index: Int, _ kind: Kind) -> Bool {
    switch kind {
    case .dying: candidates[index].state == .dying
    case .gone:
      includesVictims && candidates[index].state == .missing && candidates[index].pages >= most / 2
    }
  }
}

/// How many processes a look has found that the OOM killer may have killed.
public struct OOMVictims: Hashable, Sendable {
  /// How many children of swinit are dying of SIGKILL.
  public var children: Int
  /// How many others are.
  public var dying: Int
  /// How many of those that were remembered have gone.
  public var gone: Int
  /// The control group's count of kills after the look; 0 if it could not be read.
  public var kills: Int64

  /// A number of processes.
  public init(children: Int, dying: Int, gone: Int, kills: Int64 = 0) {
    self.children = children
    self.dying = dying
    self.gone = gone
    self.kills = kills
  }
}

/// A process that the OOM killer has killed.
public struct OOMVictim: Hashable, Sendable {
  /// The process.
  public var process: ProcessID
  /// Its name.
  public var name: ProcessName

  /// A process with its name.
  public init(_ process: ProcessID, _ name: ProcessName) {
    self.process = process
    self.name = name
  }
}
