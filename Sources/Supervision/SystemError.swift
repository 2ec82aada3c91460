/// The number of an error that a system call returned; see errno(3).
public struct SystemError: RawRepresentable, Equatable, Sendable {
  /// The number.
  public let rawValue: Int32
  /// An error from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The corresponding C constant is `EPERM`.
  public static let notPermitted = SystemError(rawValue: 1)
  /// The corresponding C constant is `ENOENT`.
  public static let noSuchFile = SystemError(rawValue: 2)
  /// The corresponding C constant is `ESRCH`.
  public static let noSuchProcess = SystemError(rawValue: 3)
  /// The corresponding C constant is `EINTR`.
  public static let interrupted = SystemError(rawValue: 4)
  /// The corresponding C constant is `ENOEXEC`.
  public static let notExecutable = SystemError(rawValue: 8)
  /// The corresponding C constant is `ECHILD`.
  public static let noChild = SystemError(rawValue: 10)
  /// The corresponding C constant is `EAGAIN`.
  public static let tryAgain = SystemError(rawValue: 11)
  /// The corresponding C constant is `EACCES`.
  public static let accessDenied = SystemError(rawValue: 13)
  /// The corresponding C constant is `ENODEV`.
  public static let noSuchDevice = SystemError(rawValue: 19)
  /// The corresponding C constant is `ENOTDIR`.
  public static let notADirectory = SystemError(rawValue: 20)
  /// The corresponding C constant is `EPIPE`.
  public static let brokenPipe = SystemError(rawValue: 32)
  /// The corresponding C constant is `ENAMETOOLONG`.
  public static let nameTooLong = SystemError(rawValue: 36)

  /// The words that people know from their shell, nil for an error that no call of swinit's can
  /// return. They stand here because the C libraries don't agree on them.
  var words: StaticString? {
    switch rawValue {
    case 1: "Operation not permitted"
    case 2: "No such file or directory"
    case 3: "No such process"
    case 5: "Input/output error"
    case 7: "Argument list too long"
    case 8: "Exec format error"
    case 9: "Bad file descriptor"
    case 10: "No child processes"
    case 11: "Resource temporarily unavailable"
    case 12: "Cannot allocate memory"
    case 13: "Permission denied"
    case 14: "Bad address"
    case 20: "Not a directory"
    case 21: "Is a directory"
    case 22: "Invalid argument"
    case 23: "Too many open files in system"
    case 24: "Too many open files"
    case 26: "Text file busy"
    case 28: "No space left on device"
    case 30: "Read-only file system"
    case 36: "File name too long"
    case 38: "Function not implemented"
    case 40: "Too many levels of symbolic links"
    case 80: "Accessing a corrupted shared library"
    default: nil
    }
  }
}
