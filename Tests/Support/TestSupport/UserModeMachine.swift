import Testing

/// A virtual machine of a test's own, whose files are this machine's: User-mode Linux. It boots, runs
/// a shell script as its PID 1, and ends.
package enum UserModeMachine {
  package static let needs: [Need] = [
    .root, .program("linux.uml", package: "user-mode-linux"),
  ]

  /// What a script says. It can write nowhere but in the directory.
  package static func said(by script: String, in directory: TemporaryDirectory) throws -> String {
    let path = try directory.file("init", enclose(script, directory.path))
    let run = try Run(
      [
        "linux.uml", "mem=256M", "uml_dir=\(directory.path)", "root=/dev/root", "rootfstype=hostfs",
        "rootflags=/", "init=\(path)", "con=null", "con0=null,fd:1", "quiet", "panic=-1",
      ],
      environment: ["PATH=\(searchPath)", "TMPDIR=/dev/shm", "HOME=\(directory.path)"])
    let outcome = try run.outcome()
    guard let said = contents(of: directory("said")) else { throw DidNotBoot(outcome: outcome) }
    return said
  }

  private static func enclose(_ script: String, _ directory: String) -> String {
    """
    #!/bin/sh
    export PATH=\(searchPath)
    mount -t proc proc /proc
    mount -t hostfs -o \(directory) hostfs \(directory)
    exec >\(directory)/said 2>&1
    \(script)
    echo '== end'
    echo o >/proc/sysrq-trigger
    sleep 10
    """
  }

  /// The kernel, or the script, hasn't got far.
  private struct DidNotBoot: Error {
    let outcome: Outcome
  }
}
