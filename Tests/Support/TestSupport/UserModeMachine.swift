import Testing

/// A virtual machine of User-mode Linux with this machine's files. It boots, runs a shell script as
/// its PID 1, and shuts down.
package enum UserModeMachine {
  package static let needs = [.root] + VirtualMachine.userModeNeeds

  /// The output of a script, which can write only to the directory.
  package static func output(
    of script: String, in directory: TemporaryDirectory, within limit: Double = 5 * Run.limit,
    options: [String] = []
  ) throws -> String {
    let path = try directory.file("init", enclose(script, directory.path))
    let run = try Run(
      VirtualMachine.userMode(root: "/", running: path, in: directory.path, options: options)
        .command,
      environment: ["PATH=\(searchPath)", "TMPDIR=/dev/shm", "HOME=\(directory.path)"])
    let outcome = try run.outcome(within: limit)
    guard let output = contents(of: directory("output")) else { throw DidNotBoot(outcome: outcome) }
    return output
  }

  private static func enclose(_ script: String, _ directory: String) -> String {
    """
    #!/bin/sh
    export PATH=\(searchPath)
    mount -t proc proc /proc
    mount -t hostfs -o \(directory) hostfs \(directory)
    exec >\(directory)/output 2>&1
    \(script)
    echo '== end'
    echo o >/proc/sysrq-trigger
    sleep 10
    """
  }

  /// The script has not run.
  private struct DidNotBoot: Error {
    let outcome: Outcome
  }
}
