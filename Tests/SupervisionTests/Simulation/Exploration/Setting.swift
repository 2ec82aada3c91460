import Supervision

/// From what an exploration begins, and what may happen in it.
struct Setting: CustomStringConvertible {
  let name: String
  var requested = RequestedOptions()
  var isPID1 = true
  /// The job that swinit is in on a terminal, of which it is the foreground; nil without a terminal.
  var job: ModelTerminal.Job?
  /// Whether the command is to have the terminal from the start.
  var takesTerminal = true
  var isBlind = false
  /// Whether the control group is one of version 2.
  var isUnified = false
  /// Whether calls may fail that swinit can't do without.
  var breaks = false
  /// How long a scan for zombies takes.
  var scanMilliseconds: Int64 = 0
  /// How long a look at all processes takes.
  var walkMilliseconds: Int64 = 0
  /// Children from before COMMAND, and whether they are zombies that no signal tells of.
  var inherited: [Bool] = []
  var manners = ModelProcess.Manners.obeys
  /// What may happen; and what to each process.
  var globals: [ExternalEvent] = []
  var deeds: [ExternalEvent.ProcessStep] = []
  /// How many things happen at most.
  var energy = 3

  var description: String { name }

  /// All that may happen now.
  func happenings(_ kernel: ModelKernel) -> [ExternalEvent] {
    globals
      + kernel.processes.flatMap { process in
        deeds.filter { kernel.can($0, process) }.map { .toProcess(process.id, $0) }
      }
  }
}
