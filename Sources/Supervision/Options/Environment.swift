/// A variable of the environment that stands for an option, in the order of precedence: each
/// overrules those before it.
public enum EnvironmentVariable: UInt8, Sendable {
  case dumbInitSetsid
  case dumbInitDebug
  case tiniGroup
  case tiniVerbosity
  case killAfter
  case singleChild
  case parentDeathSignal
  case exitCode
  case rewrite
  case warnReaped
  case verbosity
  case logFormat
  case terminationLog
  case zombieCheck

  /// How many there are; their raw values count up from zero.
  static let count: UInt8 = 14

  private static var names: Text {
    """
    DUMB_INIT_SETSID DUMB_INIT_DEBUG TINI_KILL_PROCESS_GROUP TINI_VERBOSITY SWINIT_KILL_AFTER \
    SWINIT_SINGLE_CHILD SWINIT_PARENT_DEATH_SIGNAL SWINIT_EXIT_CODE SWINIT_REWRITE \
    SWINIT_WARN_REAPED SWINIT_VERBOSITY SWINIT_LOG_FORMAT SWINIT_TERMINATION_LOG \
    SWINIT_ZOMBIE_CHECK
    """
  }

  /// The name.
  var name: Text { EnvironmentVariable.names.word(Int(rawValue)) }

  /// The option that it stands for, and that says what its value may be; nil if anything may stand
  /// there, as with the programs that it is from.
  var flag: Flag? {
    switch self {
    case .dumbInitSetsid, .dumbInitDebug, .tiniGroup: nil
    case .killAfter: .killAfter
    case .singleChild: .singleChild
    case .parentDeathSignal: .parentDeathSignal
    case .exitCode: .exitCode
    case .rewrite: .rewrite
    case .warnReaped: .warnReaped
    case .tiniVerbosity, .verbosity: .verbose
    case .logFormat: .logFormat
    case .terminationLog: .terminationLog
    case .zombieCheck: .zombieCheck
    }
  }

  /// Whether COMMAND gets it: another swinit among its descendants would empty the termination log.
  var isPassedOn: Bool { self != .terminationLog }

  /// The variable of this name.
  init?(name: Text) {
    guard name.hasPrefix("SWINIT_") || name.hasPrefix("TINI_") || name.hasPrefix("DUMB_INIT_")
    else { return nil }
    guard let index = EnvironmentVariable.names.indexOfWord(name) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: index))
  }
}

/// What swinit reads of its environment.
public struct Environment {
  private let strings: CStringArray
  /// One more than the place of each variable among the strings, zero for one that isn't there.
  private var places = InlineArray<14, Int32>(repeating: 0)
  /// Whether there are variables that COMMAND doesn't get.
  private var hasOwnVariables = false
  /// Where commands are looked for, as execvp(3) does; nil without `PATH`.
  public private(set) var path: Text?
  /// The places of the variables that name the process which they are meant for.
  private var listenPID: (index: Int, value: Text)?
  private var watchdogPID: (index: Int, value: Text)?

  /// Looks once at each of the strings. The first of those with the same name counts, as for
  /// getenv(3).
  public init(_ strings: CStringArray) {
    self.strings = strings
    for index in Indices(strings.count) {
      guard let string = strings[index], !string.isEmpty else { continue }
      switch string[0] {
      case .ascii("D"), .ascii("L"), .ascii("P"), .ascii("S"), .ascii("T"), .ascii("W"):
        note(string, at: index)
      default: continue
      }
    }
  }

  @inline(never)
  private mutating func note(_ string: Text, at index: Int) {
    let (name, value) = string.split(at: .ascii("="))
    guard let value else { return }
    if "PATH" ~= name {
      path = path ?? value
    } else if "LISTEN_PID" ~= name {
      listenPID = listenPID ?? (index, value)
    } else if "WATCHDOG_PID" ~= name {
      watchdogPID = watchdogPID ?? (index, value)
    } else if let variable = EnvironmentVariable(name: name) {
      if !variable.isPassedOn { hasOwnVariables = true }
      let number = Int(variable.rawValue)
      if places.indices ~= number, places[number] == 0 {
        places[number] = Int32(truncatingIfNeeded: index &+ 1)
      }
    }
  }

  /// The variables that name a process; the process is asked for only if there are any.
  public func ownerVariables(naming process: () -> ProcessID) -> OwnerVariables {
    guard listenPID != nil || watchdogPID != nil else { return OwnerVariables() }
    let process = Int64(process().rawValue)
    let names: ((index: Int, value: Text)?) -> Int? = { variable in
      guard let variable, variable.value.number(upTo: 1 << 30) == process else { return nil }
      return variable.index
    }
    return OwnerVariables(listenPID: names(listenPID), watchdogPID: names(watchdogPID))
  }

  /// Removes from the array itself all variables that are for this swinit alone, wherever and however
  /// often they are there. The others keep their order.
  public mutating func removeOwnVariables() {
    guard hasOwnVariables else { return }
    var kept = 0
    for index in Indices(strings.count) {
      guard let string = strings[index] else { continue }
      let (name, value) = string.split(at: .ascii("="))
      if value != nil, EnvironmentVariable(name: name)?.isPassedOn == false { continue }
      if listenPID?.index == index { listenPID?.index = kept }
      if watchdogPID?.index == index { watchdogPID?.index = kept }
      if kept != index { unsafe strings.pointer[kept] = strings.pointer[index] }
      kept &+= 1
    }
    if kept != strings.count { unsafe strings.pointer[kept] = nil }
  }

  /// Sets what the variables ask for; gives the first that can't be understood.
  func apply(to options: inout Options) -> UsageError? {
    for number in 0..<EnvironmentVariable.count {
      let place = Int(places[Int(number)])
      guard let variable = EnvironmentVariable(rawValue: number), place > 0,
        let value = strings[place &- 1]?.split(at: .ascii("=")).tail,
        variable.flag == nil || !value.isEmpty
      else { continue }
      guard options.take(variable, value) else { return .invalidVariable(variable, value) }
    }
    return nil
  }
}

/// The places among the environment's strings of variables that name swinit but are meant for the
/// command, which would not heed them otherwise; see sd_listen_fds(3), sd_watchdog_enabled(3).
public struct OwnerVariables: Sendable {
  /// The place of `LISTEN_PID`.
  public var listenPID: Int?
  /// The place of `WATCHDOG_PID`.
  public var watchdogPID: Int?
  /// Whether there are none.
  public var isEmpty: Bool { listenPID == nil && watchdogPID == nil }
}

extension Options {
  /// Sets what the variable asks for; false if its value can't be understood.
  fileprivate mutating func take(_ variable: EnvironmentVariable, _ value: Text) -> Bool {
    if let flag = variable.flag {
      guard take(flag, value) else { return false }
      // tini's 2 is where it begins to tell what it forwards.
      if variable == .tiniVerbosity { verbosity = max(verbosity &- 1, 0) }
      return true
    }
    switch variable {
    case .dumbInitSetsid: if "0" ~= value { singleChild = true }
    case .dumbInitDebug: if "1" ~= value { verbosity = 1 }
    default: singleChild = false
    }
    return true
  }
}
