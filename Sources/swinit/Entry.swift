import CLinux
import Supervision

/// The entry point: SwiftPM links the executable with `main` defined as this symbol.
@c(swinit_main)
func enter(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  // Before anything else: from here on no signal is lost, or acted on twice.
  let inheritedMask: SignalSet
  switch Signals.blockAll() {
  case .success(let mask): inheritedMask = mask
  case .failure(let error):
    return Int32(refuse("swinit: cannot block signals: ", error).rawValue)
  }
  // Neither the command line nor the environment is to be trusted then.
  if clinux_has_elevated_privileges() != 0 { return Int32(refuseElevatedPrivileges().rawValue) }
  let arguments = unsafe CStringArray(arguments)
  let strings = unsafe CStringArray(environment)
  var environment = Environment(strings)
  let invocation = Invocation(arguments: arguments, environment: environment)
  environment.removeOwnVariables()
  let status =
    switch invocation.purpose {
    case .run(let command):
      run(
        invocation.options, environment,
        Child(
          at: command, of: arguments, environment: strings, path: environment.path,
          blockedSignals: inheritedMask,
          ownerVariables: environment.ownerVariables { ProcessID(rawValue: getpid()) }))
    case .listProcesses:
      // The environment may be that of a running swinit: what it asks for is not meant here.
      listProcesses(
        inJSON: Invocation(
          arguments: arguments, environment: Environment(strings.dropFirst(strings.count))
        ).options.logsObjects,
        blocking: inheritedMask)
    case .print(let page): print(page, asJSON: invocation.options.logsObjects)
    case .refuse(let error): refuse(error, asJSON: invocation.options.logsObjects)
    }
  return Int32(status.rawValue)
}

// Not inlined, nor are the parts of it: the stack that the parser of the options takes would stay with the
// process, a page.
@inline(never)
private func run(
  _ options: Options, _ environment: Environment, _ child: consuming Child?
) -> ExitStatus {
  var loop = EventLoop(options, child)
  var index = 0
  while let name = environment.nextMisspelling(from: &index) { loop.warn(of: name) }
  return loop.run()
}

/// Reports a usage error. The message takes a page of the stack, which would stay with the process if
/// it were taken in `enter`.
@inline(never)
private func refuse(_ error: UsageError, asJSON: Bool) -> ExitStatus {
  var message = Message(asJSON ? .json(milliseconds: Clock.time) : .text)
  error.write(to: &message)
  Diagnostics.write(message.line)
  return .failure
}

/// Reports why nothing, or only a part, was printed.
@inline(never)
private func refuse(_ report: Report, asJSON: Bool) -> ExitStatus {
  var message = Message(asJSON ? .json(milliseconds: Clock.time) : .text)
  report.write(to: &message, command: "", killed: Summary.KilledProcesses())
  Diagnostics.write(message.line)
  return .failure
}

/// Writes the one line that says why swinit does not run.
@inline(never)
private func refuse(_ words: Text, _ error: SystemError? = nil) -> ExitStatus {
  var line = Line()
  line.append(words)
  if let error { line.append(error) }
  line.end()
  Diagnostics.write(line)
  return .failure
}

private func refuseElevatedPrivileges() -> ExitStatus {
  refuse(
    """
    swinit: refused to run with more privileges than the process that started it: remove the \
    set-user-ID or set-group-ID bit, or the file's capabilities
    """)
}

/// Writes a page to standard output; `asJSON` is about the message if that fails.
@inline(never)
private func print(_ page: Page, asJSON: Bool) -> ExitStatus {
  var line = Line()
  page.write(to: &line)
  guard let error = StandardOutput.write(line) else { return .success }
  return refuse(.cannotPrint(error), asJSON: asJSON)
}

/// Lists all processes. ^C and a pipe without a reader kill it as any other program.
@inline(never)
private func listProcesses(inJSON: Bool, blocking mask: SignalSet) -> ExitStatus {
  _ = Signals.block(only: mask)
  do throws(ProcessTree.Failure) {
    try ProcessTree.print(inJSON: inJSON)
    return .success
  } catch {
    switch error {
    case .cannotRead(let error): return refuse(.cannotListProcesses(error), asJSON: inJSON)
    case .cannotWrite(let error): return refuse(.cannotPrint(error), asJSON: inJSON)
    }
  }
}
