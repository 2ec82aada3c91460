import CHeaders
import CLinux
import Supervision
import Testing

@Suite("Our numbers and words of errors are the C library's")
struct SystemErrorTests {
  @Test(
    "those that swinit names",
    arguments: [
      (.notPermitted, EPERM), (.noSuchFile, ENOENT), (.noSuchProcess, ESRCH),
      (.interrupted, EINTR), (.noSuchDeviceOrAddress, ENXIO), (.notExecutable, ENOEXEC),
      (.noChild, ECHILD), (.tryAgain, EAGAIN), (.accessDenied, EACCES), (.noSuchDevice, ENODEV),
      (.notADirectory, ENOTDIR), (.brokenPipe, EPIPE), (.nameTooLong, ENAMETOOLONG),
      (.inputOutput, EIO), (.fileTooLarge, EFBIG), (.notImplemented, ENOSYS),
    ] as [(SystemError, Int32)])
  func named(error: SystemError, number: Int32) {
    #expect(error.rawValue == number)
  }

  /// What a message says of the error.
  private func words(of error: SystemError) -> String {
    var line = Line()
    line.append(error)
    return unsafe line.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  @Test("the words of each error that has any", arguments: Int32(1)...133)
  func words(number: Int32) {
    let ours = words(of: SystemError(rawValue: number))
    if ours == "error \(number)" { return }
    #expect(unsafe c_error_words(number).map { unsafe String(cString: $0) } == ours)
  }

  @Test(
    "there are words for what can keep COMMAND from running, or --help from being printed",
    arguments: [
      EPERM, ENOENT, EIO, E2BIG, ENOEXEC, EAGAIN, ENOMEM, EACCES, EFAULT, ENOTDIR, EISDIR, EINVAL,
      ENFILE, EMFILE, ETXTBSY, ENAMETOOLONG, ELOOP, EBADF, ENOSPC, EPIPE,
      EFBIG,
    ])
  func neededWords(number: Int32) {
    #expect(words(of: SystemError(rawValue: number)) != "error \(number)")
  }
}
