import CLinux
import Supervision

/// The entry point: SwiftPM links the executable with `main` defined as this symbol.
@c(swinit_main)
func enter(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  // Before anything else: from here on no signal is lost, or acted on twice.
  let inheritedMask = Signals.blockAll()
  let arguments = unsafe Strings(arguments)
  let strings = unsafe Strings(environment)
  let environment = Environment(strings)
  let status =
    switch Invocation(arguments: arguments, environment: environment) {
    case .run(let options, let command):
      run(
        options,
        command.map { index in
          Child(
            at: index, of: arguments, environment: strings, path: environment.path,
            blockedSignals: inheritedMask, listenPID: ownListenPID(in: environment))
        })
    case .help: printHelp()
    case .version: print(Help.version)
    case .license: print(Help.license)
    case .misuse(let misuse): refuse(misuse)
    }
  return Int32(status.rawValue)
}

private func run(_ options: Options, _ child: consuming Child?) -> ExitStatus {
  var initProcess = Init(options, child)
  return initProcess.run()
}

/// The place of `LISTEN_PID` if it names this process, which then isn't who it is meant for.
private func ownListenPID(in environment: borrowing Environment) -> Int? {
  guard let (index, value) = environment.listenPID, let process = value.number(upTo: 1 << 30),
    process == Int(getpid())
  else { return nil }
  return index
}

// A line takes a page of the stack, which would stay with the process if it were taken in `enter`.
@inline(never)
private func refuse(_ misuse: Misuse) -> ExitStatus {
  var line = Line()
  misuse.write(to: &line)
  var diagnostics = Diagnostics()
  diagnostics.write(line)
  return .failure
}

@inline(never)
private func printHelp() -> ExitStatus {
  for piece in 0..<Help.pieces {
    var line = Line()
    Help.write(piece: piece, to: &line)
    let isPrinted = unsafe line.withBytes { bytes in unsafe print(bytes) }
    if !isPrinted { return .failure }
  }
  return .success
}

private func print(_ words: StaticString) -> ExitStatus {
  let bytes = unsafe UnsafeRawBufferPointer(
    start: words.utf8Start, count: words.utf8CodeUnitCount)
  return unsafe print(bytes) ? .success : .failure
}

/// Writes all bytes to standard output; says why if that can't be done. write(2)
private func print(_ bytes: UnsafeRawBufferPointer) -> Bool {
  var rest = unsafe bytes[...]
  while unsafe !rest.isEmpty {
    let written = unsafe UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) {
      unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count)
    }
    guard written > 0 else {
      var line = Line()
      line.append("swinit: cannot write to standard output: ")
      line.append(lastError())
      line.end()
      var diagnostics = Diagnostics()
      diagnostics.write(line)
      return false
    }
    unsafe rest = rest.dropFirst(written)
  }
  return true
}
