import CHeaders
import CLinux
import Supervision
import Testing

@Suite("Error numbers and descriptions")
struct SystemErrorTests {
  @Test(
    "The numbers of the errors that swinit names are those of the C headers",
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

  /// The description of the error in a message.
  private func words(of error: SystemError) -> String {
    var line = Line()
    line.append(error)
    return unsafe line.withText { text in
      String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }
  }

  @Test("The description of each error is the C library's", arguments: Int32(1)...133)
  func descriptions(number: Int32) {
    let ours = words(of: SystemError(rawValue: number))
    if ours == "error \(number)" { return }
    #expect(unsafe c_error_words(number).map { unsafe String(cString: $0) } == ours)
  }

  @Test(
    "Every error of executing the command or writing the help has a description",
    arguments: [
      EPERM, ENOENT, EIO, E2BIG, ENOEXEC, EAGAIN, ENOMEM, EACCES, EFAULT, ENOTDIR, EISDIR, EINVAL,
      ENFILE, EMFILE, ETXTBSY, ENAMETOOLONG, ELOOP, EBADF, ENOSPC, EPIPE,
      EFBIG,
    ])
  func neededDescriptions(number: Int32) {
    #expect(words(of: SystemError(rawValue: number)) != "error \(number)")
  }
}
