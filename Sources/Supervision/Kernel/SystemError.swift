/// The number of an error that a system call returned; see errno(3).
public struct SystemError: Error, RawRepresentable, Hashable, Sendable {
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
  /// The corresponding C constant is `EIO`.
  public static let inputOutput = SystemError(rawValue: 5)
  /// The corresponding C constant is `ENXIO`.
  public static let noSuchDeviceOrAddress = SystemError(rawValue: 6)
  /// The corresponding C constant is `ENOEXEC`.
  public static let notExecutable = SystemError(rawValue: 8)
  /// The corresponding C constant is `ECHILD`.
  public static let noChild = SystemError(rawValue: 10)
  /// The corresponding C constant is `EAGAIN`.
  public static let tryAgain = SystemError(rawValue: 11)
  /// The corresponding C constant is `ENOMEM`.
  public static let noMemory = SystemError(rawValue: 12)
  /// The corresponding C constant is `EACCES`.
  public static let accessDenied = SystemError(rawValue: 13)
  /// The corresponding C constant is `ENODEV`.
  public static let noSuchDevice = SystemError(rawValue: 19)
  /// The corresponding C constant is `ENOTDIR`.
  public static let notADirectory = SystemError(rawValue: 20)
  /// The corresponding C constant is `EFBIG`.
  public static let fileTooLarge = SystemError(rawValue: 27)
  /// The corresponding C constant is `ENFILE`.
  public static let tooManySystemFiles = SystemError(rawValue: 23)
  /// The corresponding C constant is `EMFILE`.
  public static let tooManyFiles = SystemError(rawValue: 24)
  /// The corresponding C constant is `EPIPE`.
  public static let brokenPipe = SystemError(rawValue: 32)
  /// The corresponding C constant is `ENAMETOOLONG`.
  public static let nameTooLong = SystemError(rawValue: 36)
  /// The corresponding C constant is `ENOSYS`.
  public static let notImplemented = SystemError(rawValue: 38)

  /// The messages of strerror(3), from error 1 on; an empty line for an error that no call of swinit's
  /// returns. They are defined here because the C libraries differ.
  private static var words: Text {
    """
    Operation not permitted
    No such file or directory
    No such process

    Input/output error
    No such device or address
    Argument list too long
    Exec format error
    Bad file descriptor
    No child processes
    Resource temporarily unavailable
    Cannot allocate memory
    Permission denied
    Bad address





    Not a directory
    Is a directory
    Invalid argument
    Too many open files in system
    Too many open files

    Text file busy
    File too large
    No space left on device

    Read-only file system

    Broken pipe



    File name too long

    Function not implemented

    Too many levels of symbolic links
    """
  }

  /// What the error means, nil if there is no message for it.
  var words: Text? {
    guard rawValue > 0 else { return nil }
    let words = SystemError.words.part(Int(rawValue) - 1, separator: .ascii("\n"))
    return words.isEmpty ? nil : words
  }
}
