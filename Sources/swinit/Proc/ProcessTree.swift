import CLinux
import Supervision

/// The listing of `--ps`: all processes that /proc shows but this one.
///
/// It needs nothing of a running swinit, and sends nothing to it.
enum ProcessTree {
  /// Why there is no listing, or only a part of one.
  enum Failure: Error {
    case cannotRead(SystemError)
    case cannotWrite(SystemError)
  }

  /// Writes the listing to standard output.
  static func print(inJSON: Bool) throws(Failure) {
    var processes = try read()
    var listing = ProcessListing(
      inJSON: inJSON, now: Clock.tick, pageSize: Int64(clinux_page_size()))
    var line = Line()
    if !inJSON { line.limit(to: Int(clinux_terminal_width(STDOUT_FILENO))) }
    listing.begin(&line)
    while let (process, depth) = processes.next() {
      // Nil if it has exited meanwhile.
      guard let pages = ProcessFiles.residentPages(of: process.process),
        let command = ProcessFiles.commandLine(of: process.process)
      else { continue }
      try write(&line)
      listing.add(process, depth: depth, pages: pages, command: command, to: &line)
    }
    try write(&line)
    listing.end(&line)
    try write(&line)
    listing.addLimits(
      memory: Cgroup.usage(of: "memory"), processes: Cgroup.usage(of: "pids"), to: &line)
    try write(&line)
  }

  /// Reads what /proc shows, whatever PID namespace it is of.
  private static func read() throws(Failure) -> ProcessForest {
    var processes = ProcessForest()
    var entries = DirectoryEntries(of: "/proc")
    if let error = SystemError(of: entries.descriptor) { throw .cannotRead(error) }
    let own = ProcessList.ownNumber(in: entries.descriptor)
    while let name = entries.next() {
      guard let process = ProcessID(name), process != own else { continue }
      switch ProcessFiles.statusLine(of: process) {
      case .success(let line):
        guard let listed = ListedProcess(process, line) else { continue }
        while !processes.append(listed) { try grow(&processes) }
      // It has exited, or is hidden from this user.
      case .failure(.noSuchFile), .failure(.noSuchProcess), .failure(.accessDenied),
        .failure(.notPermitted):
        break
      case .failure(let error): throw .cannotRead(error)
      }
    }
    if !entries.isAtEnd { throw .cannotRead(.inputOutput) }
    // An empty directory: nothing is mounted there.
    if processes.isEmpty && own == nil { throw .cannotRead(.noSuchFile) }
    processes.link()
    return processes
  }

  private static func grow(_ processes: inout ProcessForest) throws(Failure) {
    let size = max(processes.size &* 2, 1 << 16)
    guard let memory = unsafe clinux_grow_memory(processes.memory, processes.size, size) else {
      throw .cannotRead(.noMemory)
    }
    unsafe processes.move(to: memory, size: size)
  }

  /// Writes a line, and removes it for the next one.
  @inline(never)
  private static func write(_ line: inout Line) throws(Failure) {
    if let error = StandardOutput.write(line) { throw .cannotWrite(error) }
    line.removeAll()
  }
}
