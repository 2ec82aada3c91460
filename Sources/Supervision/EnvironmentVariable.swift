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

  /// How many there are; their raw values count up from zero.
  static let count: UInt8 = 11

  private static let names: StaticString = """
    DUMB_INIT_SETSID DUMB_INIT_DEBUG TINI_KILL_PROCESS_GROUP TINI_VERBOSITY SWINIT_KILL_AFTER \
    SWINIT_SINGLE_CHILD SWINIT_PARENT_DEATH_SIGNAL SWINIT_EXIT_CODE SWINIT_REWRITE \
    SWINIT_WARN_REAPED SWINIT_VERBOSITY
    """

  /// The name.
  var name: Text { Text(EnvironmentVariable.names).part(Int(rawValue)) }

  /// What the value may be; nil if anything may stand there, as with the programs that it is from.
  var value: Accepted? {
    switch self {
    case .dumbInitSetsid, .dumbInitDebug, .tiniGroup: nil
    case .tiniVerbosity, .verbosity: .level
    case .killAfter: .duration
    case .singleChild, .warnReaped: .truth
    case .parentDeathSignal: .signal
    case .exitCode: .exitStatuses
    case .rewrite: .signals
    }
  }

  /// The variable of this name.
  init?(name: Text) {
    guard name.hasPrefix("SWINIT_") || name.hasPrefix("TINI_") || name.hasPrefix("DUMB_INIT_")
    else { return nil }
    for number in 0..<EnvironmentVariable.count {
      if let variable = EnvironmentVariable(rawValue: number), name.isSame(as: variable.name) {
        self = variable
        return
      }
    }
    return nil
  }
}

/// What swinit reads of its environment.
public struct Environment {
  private var values = InlineArray<11, Text?>(repeating: nil)
  /// Where commands are looked for, as execvp(3) does; nil without `PATH`.
  public private(set) var path: Text?
  /// The place of `LISTEN_PID` among the strings, and its value; see sd_listen_fds(3).
  public private(set) var listenPID: (index: Int, value: Text)?

  /// Looks once at each of the strings. The first of those with the same name counts, as for
  /// getenv(3).
  public init(_ strings: Strings) {
    for index in 0..<strings.count {
      guard let string = strings[index], !string.isEmpty else { continue }
      switch string[0] {
      case .ascii("D"), .ascii("L"), .ascii("P"), .ascii("S"), .ascii("T"):
        note(string, at: index)
      default: continue
      }
    }
  }

  private mutating func note(_ string: Text, at index: Int) {
    let (name, value) = string.split(at: .ascii("="))
    guard let value else { return }
    if "PATH" ~= name {
      path = path ?? value
    } else if "LISTEN_PID" ~= name {
      listenPID = listenPID ?? (index, value)
    } else if let variable = EnvironmentVariable(name: name) {
      let index = Int(variable.rawValue)
      values[index] = values[index] ?? value
    }
  }

  /// Sets what the variables ask for; gives the first that can't be understood.
  func apply(to options: inout Options) -> Misuse? {
    for number in 0..<EnvironmentVariable.count {
      guard let variable = EnvironmentVariable(rawValue: number), let value = values[Int(number)],
        variable.value == nil || !value.isEmpty
      else { continue }
      guard options.take(variable, value) else { return .invalidVariable(variable, value) }
    }
    return nil
  }
}

extension Options {
  /// Sets what the variable asks for; false if its value can't be understood.
  fileprivate mutating func take(_ variable: EnvironmentVariable, _ value: Text) -> Bool {
    switch variable {
    case .dumbInitSetsid: if "0" ~= value { singleChild = true }
    case .dumbInitDebug: if "1" ~= value { verbosity = 1 }
    case .tiniGroup: singleChild = false
    case .tiniVerbosity:
      guard let level = value.number(upTo: 9) else { return false }
      // tini's 2 is where it begins to tell what it forwards.
      verbosity = max(level - 1, 0)
    case .singleChild:
      guard let truth = value.truth else { return false }
      singleChild = truth
    case .killAfter: return setKillAfter(value)
    case .parentDeathSignal: return setParentDeathSignal(value)
    case .exitCode: return addExitStatuses(value)
    case .rewrite: return addRewrites(value)
    case .warnReaped:
      guard let truth = value.truth else { return false }
      warnsOfReaped = truth
    case .verbosity:
      guard let level = value.number(upTo: 9) else { return false }
      verbosity = level
    }
    return true
  }
}
