package import Foundation
import Glibc
package import Testing

/// An interactive shell with job control.
package enum Shell: String, CaseIterable, CustomTestStringConvertible {
  case bash
  case dash
  case zsh
  case ash

  /// The installed shells; in CI all of them, so that a test fails if one is missing.
  package static let available = allCases.filter { isCI || Need.find($0.program[0]) != nil }

  package var testDescription: String { rawValue }

  /// The command that runs it as the interpreter of a script.
  package var program: [String] {
    switch self {
    case .bash, .dash: [rawValue]
    case .zsh: ["zsh", "-f"]
    case .ash: ["busybox", "ash"]
    }
  }

  package var command: [String] {
    switch self {
    case .bash: ["bash", "--norc", "--noprofile", "-i"]
    case .dash, .ash: program + ["-i"]
    case .zsh:
      program + [
        "-i", "-o", "no_zle", "-o", "no_prompt_sp", "-o", "no_prompt_cr", "-o", "no_multios",
      ]
    }
  }

  /// Its words for a stopped job and a running one.
  package var stopped: String { self == .zsh ? "suspended" : "topped" }
  package var running: String { self == .zsh ? "running" : "Running" }

  package static let prompt = "PROMPT> "
}

extension Terminal {
  /// The variables of a shell on a terminal: `$S` is swinit, `$P` the probe.
  package static let variables = variables(of: Swinit.path)

  /// The same with another init as `$S`.
  package static func variables(of program: String) -> [String] {
    [
      "PATH=\(searchPath)", "TERM=vt100", "PS1=\(Shell.prompt)", "HISTFILE=", "HOME=/nonexistent",
      "S=\(program)", "P=\(probe)",
    ]
  }

  /// A terminal on which a shell has shown its first prompt; `$S` is the init at the path.
  package static func shell(_ shell: Shell, of program: String = Swinit.path) throws -> Terminal {
    let terminal = try Terminal(
      shell.command, of: program, environment: variables(of: program))
    terminal.shell = shell
    try terminal.expect(Shell.prompt)
    return terminal
  }

  /// Types a command line and waits for its echo.
  package func enter(_ line: String, _ location: SourceLocation = #_sourceLocation) throws {
    try type(line + "\r")
    try expect(line + "\r\n", location)
  }

  /// Types a line for a program once the shell has restored canonical mode.
  package func enter(
    input line: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try wait(for: "canonical mode", location) { isByLine }
    try type(line + "\r")
  }

  /// Types a line that the program copies to its output, as `cat` does.
  package func expectEcho(of line: String, _ location: SourceLocation = #_sourceLocation) throws {
    try type(line + "\r")
    try expect("\(line)\r\n\(line)\r\n", location)
  }

  /// Types a command line that runs `$P ready`; gives the command's process ID when it is ready and
  /// in the foreground.
  package func enterReady(
    _ line: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> pid_t {
    try enter(line, location)
    try expect("ready\r\n", location)
    let command = try run.command(location)
    try expectForeground(command, location)
    return command
  }

  /// Waits until the shell reports a stopped job, prompts, and is in the foreground. On a busy machine a member
  /// of the job may not have run since the signal: if it reads the terminal, it takes the next line, and then
  /// stops.
  package func expectStopped(_ location: SourceLocation = #_sourceLocation) throws {
    try expect(shell.stopped, location)
    try expect(Shell.prompt, location)
    try wait(for: "the shell in the foreground, and the job at rest", location) {
      let processes = ProcessTable()
      guard let shell = processes.children(of: run.nest).first?.id, foreground == shell else {
        return false
      }
      return processes.descendants(of: shell).allSatisfy { !"RD".contains($0.state) }
    }
  }

  /// Types ^Z and waits until the job has stopped.
  package func suspend(_ location: SourceLocation = #_sourceLocation) throws {
    try type(Key.suspend)
    try expectStopped(location)
  }

  /// Continues the job with `fg` and waits until this process group is in the foreground.
  package func resume(_ group: pid_t, _ location: SourceLocation = #_sourceLocation) throws {
    try enter("fg", location)
    try expectForeground(group, location)
  }

  package func suspendAndResume(
    _ group: pid_t, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try suspend(location)
    try resume(group, location)
  }

  /// Types a key if one is given, waits for a prompt and expects this value of `$?`.
  package func expectStatus(
    _ status: Int32, after key: String = "", _ location: SourceLocation = #_sourceLocation
  ) throws {
    try type(key)
    try expect(Shell.prompt, location)
    try enter("echo status=$?", location)
    try expect("status=\(status)\r\n", location)
    try expect(Shell.prompt, location)
  }
}

/// The keys that send signals, and end-of-file.
package enum Key {
  package static let interrupt = "\u{3}"
  package static let endOfFile = "\u{4}"
  package static let quit = "\u{1c}"
  package static let suspend = "\u{1a}"
}

/// The state of a process, as `/proc` abbreviates it; nil if there is none.
package func state(of process: pid_t) -> Character? { ProcessTable.Entry(process)?.state }
