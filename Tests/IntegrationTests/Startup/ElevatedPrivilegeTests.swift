import Foundation
import Glibc
import TestSupport
import Testing

/// A swinit that has more rights than who starts it does nothing: its options say which file to
/// empty and which process to signal, and they are not its owner's.
@Suite(.needs([.root, .program("setpriv", package: "util-linux")])) struct ElevatedPrivilegeTests {
  /// A user who has no rights, and runs a swinit of root's.
  private static let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]

  @Test(arguments: [0o4755, 0o2755]) func areRefusedToSetUserIDPrograms(mode: Int) throws {
    let directory = try TemporaryDirectory()
    let borrowed = try directory.copy(of: Swinit.path, "swinit")
    try check(unsafe chmod(borrowed, mode_t(mode)))
    try expectRefusal(of: borrowed, in: directory)
  }

  @Test(.needs(.program("setcap", package: "libcap2-bin")))
  func areRefusedToFilesWithCapabilities() throws {
    let directory = try TemporaryDirectory()
    let borrowed = try directory.copy(of: Swinit.path, "swinit")
    #expect(try Run(["setcap", "cap_dac_override+ep", borrowed]).ending() == .exited(0))
    try expectRefusal(of: borrowed, in: directory)
  }

  /// Rights that who starts it has are nothing to refuse: engines hand them out so.
  @Test(arguments: [
    nobody, nobody + ["--inh-caps", "+kill", "--ambient-caps", "+kill"], [],
  ])
  func areNotWhatIsInherited(starter: [String]) throws {
    let directory = try TemporaryDirectory()
    let copy = try directory.copy(of: Swinit.path, "swinit")
    let run = try Run(starter + [copy, "sh", "-c", "exit 7"])
    #expect(try run.outcome() == Outcome(ending: .exited(7)))
  }

  private func expectRefusal(of swinit: String, in directory: TemporaryDirectory) throws {
    let log = try directory.file("log", "kept", mode: 0o600)
    let run = try Run(Self.nobody + [swinit, "--termination-log=\(log)", "echo", "ran"])
    let words = """
      swinit: refused to run with more rights than who started it has: remove the set-user-ID or \
      set-group-ID bit, or the file's capabilities

      """
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: words))
    #expect(contents(of: log) == "kept")
  }
}
