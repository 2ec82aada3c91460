import CLinux
import Supervision

/// The listing of `--ps`: all processes that /proc shows but this one.
///
/// It needs nothing of a running swinit, and sends nothing to it.
enum ProcessTree {
  /// Why there is no listing, or only a part of one.
  enum Failure: Error {
    case cannotRead(SystemError?)
    case cannotWrite(SystemError)
  }

  /// Writes the listing to standard output.
  static func print(inJSON: Bool) throws(Failure) {
    var processes = try read()
    var listing = ProcessListing(
      inJSON: inJSON, now: Clock.tick, pageSize: Int64(clinux_page_size()))
    var line = Line()
    if !inJSON {
      line.limit(to: max(Int(clinux_terminal_width(STDOUT_FILENO)), ProcessListing.narrowest))
    }
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
    if inJSON { return }
    if let usage = Cgroup.usage(of: "memory") { listing.addMemoryLimit(usage, to: &line) }
    try write(&line)
    if let usage = Cgroup.usage(of: "pids") { listing.addProcessLimit(usage, to: &line) }
    try write(&line)
  }

  /// Reads what /proc shows, whatever PID namespace it is of.
  private static func read() throws(Failure) -> ProcessForest {
    // Room for half a million; what isn't used costs nothing.
    let size = 1 << 25
    guard let memory = unsafe clinux_map_memory(size) else { throw .cannotRead(.noMemory) }
    var processes = unsafe ProcessForest(memory, size: size)
    var list = ProcessList()
    while let (process, line) = list.nextLine() {
      guard process != list.ownNumber, let listed = ListedProcess(process, line) else { continue }
      guard processes.append(listed) else { throw .cannotRead(.noMemory) }
    }
    // Where nothing is mounted, an empty directory may be.
    if !list.isComplete || processes.isEmpty && list.ownNumber == nil {
      throw .cannotRead(list.error)
    }
    processes.link()
    return processes
  }

  /// Writes a line, and removes it for the next one.
  private static func write(_ line: inout Line) throws(Failure) {
    if let error = StandardOutput.write(line) { throw .cannotWrite(error) }
    line.removeAll()
  }
}
