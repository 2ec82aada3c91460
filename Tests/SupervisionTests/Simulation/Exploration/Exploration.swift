import Foundation

@testable import Supervision

/// All that swinit can come to from one beginning, while no more than so many things happen beside
/// it: each state once, whatever ways lead there.
///
/// A state is that of swinit, of the model kernel, and of the referee, who checks each step. When
/// nothing may happen any more, whoever is left ends, in every order.
struct Exploration<P: Policy & ~Copyable> {
  /// What was found.
  struct Result: CustomStringConvertible {
    var states = 0
    var steps = 0
    /// How many ways there are from the beginning to an end.
    var histories = 0.0

    var description: String {
      "\(states) states, \(steps) steps, \(String(format: "%.1e", histories)) histories"
    }
  }

  private struct State: Hashable {
    var scene: Scene<Snapshot<P>>
    /// What swinit does next.
    var action: Action
    /// How many more things may happen.
    var energy: Int
  }

  private enum Move {
    /// swinit does what it does next; a wait ends.
    case perform
    /// Time goes by until the moment.
    case pass(until: Instant)
    case happen(ExternalEvent)
    /// A process ends in whatever way it can.
    case end(ProcessID)
    /// `--pause` receives a stop signal.
    case tellToEnd
  }

  private let setting: Setting
  private let policy: Snapshot<P>
  private var graph = StateGraph()

  /// An exploration of a policy with the setting's requested options.
  init(_ setting: Setting, _ policy: (RequestedOptions, Bool) -> P) {
    self.setting = setting
    self.policy = Snapshot(policy(setting.requested, setting.isPID1))
  }

  /// Throws the first rule that is broken, in a history that is as short as can be.
  mutating func explore() throws(Counterexample) -> Result {
    var script = Script()
    var frontier: [State] = []
    do {
      frontier = [try begin(using: &script)]
    } catch {
      throw Counterexample(violation: error, history: [])
    }
    graph.add(frontier[0], from: nil, [])
    while !frontier.isEmpty {
      var next: [State] = []
      for state in frontier {
        let origin = graph.open()
        var script = Script()
        repeat {
          var successor = state
          do {
            guard try step(&successor, using: &script) else { continue }
          } catch {
            throw counterexample(error, after: origin, script.choices)
          }
          if graph.add(successor, from: origin, script.choices) { next.append(successor) }
        } while script.advance()
      }
      frontier = next
    }
    guard let histories = graph.paths else {
      let violation = Violation(.ends, "it goes round and round")
      throw counterexample(violation, after: graph.someOnCycle, [])
    }
    return Result(states: graph.count, steps: graph.edges, histories: histories)
  }

  private func begin(
    keepsTrace: Bool = false, using chance: inout some Chance
  ) throws(Violation) -> State {
    var kernel = ModelKernel(swinit: ProcessID(rawValue: setting.isPID1 ? 1 : 7))
    kernel.isBlind = setting.isBlind
    kernel.cgroup.isUnified = setting.isUnified
    kernel.forksBehind = 1
    kernel.scanMilliseconds = setting.scanMilliseconds
    kernel.walkMilliseconds = setting.walkMilliseconds
    for isZombie in setting.inherited { kernel.inherit(isZombie: isZombie, using: &chance) }
    if let job = setting.job {
      kernel.terminal = ModelTerminal(job, isPID1: setting.isPID1, isForeground: true)
    }
    var scene = Scene(kernel, setting.requested, policy)
    scene.keepsTrace = keepsTrace
    let event = scene.spawn(
      setting.manners, takesTerminal: setting.takesTerminal, using: &chance)
    let action = try scene.decide(on: event)
    return State(scene: scene, action: action, energy: setting.energy)
  }

  /// Continues with one of the possible choices; false when the history has ended.
  private func step(
    _ state: inout State, using chance: inout some Chance
  ) throws(Violation) -> Bool {
    switch state.action {
    case .exit, .die: return false
    default: break
    }
    let moves = try moves(from: state)
    guard let move = chance.element(of: moves) else {
      throw Violation(.ends, "it waits, and nothing can happen any more")
    }
    switch move {
    case .perform:
      let event = try perform(&state, using: &chance)
      state.action = try state.scene.decide(on: event)
    case .pass(let moment):
      if setting.requested.zombieCheck != nil { state.energy -= 1 }
      state.scene.kernel.pass(until: moment)
      state.scene.note("time passes until \(moment)")
    case .happen(let happening):
      state.energy -= 1
      state.scene.kernel.happen(happening, using: &chance)
      state.scene.note("\(happening)")
    case .end(let process):
      state.scene.kernel.release(process)
      state.scene.kernel.end(process, .killed(by: .kill))
      state.scene.note("the end of \(process)")
    case .tellToEnd:
      state.scene.kernel.raise(ReceivedSignal(.terminate, from: .outside))
    }
    return true
  }

  private func moves(from state: State) throws(Violation) -> [Move] {
    let kernel = state.scene.kernel
    var moves: [Move] = []
    if case .wait(let deadline) = state.action {
      let isOver = deadline.map { kernel.now >= $0 } ?? false
      if isOver || !kernel.pending.isEmpty || kernel.cgroup.hasChanged {
        moves = [.perform]
      } else {
        try state.scene.referee.checkBlocking(kernel)
        // Looks for zombies may go on for ever.
        if let deadline, state.energy > 0 || setting.requested.zombieCheck == nil {
          moves.append(.pass(until: deadline))
        }
        if state.energy == 0 { moves += endings(of: state.scene) }
      }
    } else {
      moves = [.perform]
    }
    if state.energy > 0 {
      moves += setting.happenings(kernel).map(Move.happen)
    }
    return moves
  }

  /// Who may end when nothing else happens any more.
  private func endings(of scene: Scene<Snapshot<P>>) -> [Move] {
    let processes = scene.kernel.processes.filter { $0.isDescendant && $0.isAlive }
    let isIdle = scene.referee.requested.pauses && !scene.referee.wasSignalledToExit
    return processes.map { .end($0.id) } + (isIdle ? [.tellToEnd] : [])
  }

  private func perform(
    _ state: inout State, using chance: inout some Chance
  ) throws(Violation) -> Event {
    switch state.action {
    case .wait, .reap: if setting.breaks && chance.below(2) == 1 { return .broken(.notPermitted) }
    default: break
    }
    switch state.action {
    case .wait(let deadline):
      let now = state.scene.kernel.now
      if let deadline, now >= deadline { return .deadlinePassed(now: now) }
      if state.scene.kernel.cgroup.hasChanged,
        state.scene.kernel.pending.isEmpty || chance.below(2) == 0,
        let events = state.scene.kernel.readCgroup()
      {
        return .cgroup(events)
      }
      guard let received = state.scene.kernel.takeSignal() else {
        preconditionFailure("only a wait that a signal ends is performed")
      }
      return .received(received)
    case .waitBriefly: return state.scene.kernel.takeSignal().map { .received($0) } ?? .noSignal
    case .stop(let signal, let wholeGroup):
      let event = state.scene.kernel.stop(signal, wholeGroup: wholeGroup, using: &chance)
      if case .resumed = event {
        let inForeground = state.energy == 0 || chance.below(2) == 0
        if !inForeground { state.energy -= 1 }
        state.scene.kernel.continueStoppedJob(inForeground: inForeground)
      }
      return event
    default: return try state.scene.perform(state.action, using: &chance)
    }
  }
}

// MARK: - What went wrong

/// A history that breaks a rule.
struct Counterexample: Error, CustomStringConvertible {
  let violation: Violation
  let history: [String]

  var description: String { "\(violation)\n" + history.joined(separator: "\n") }
}

extension Exploration where P: ~Copyable {
  /// Lives the history again that leads to a state, and one step further.
  private func counterexample(
    _ violation: Violation, after number: Int, _ lastChoices: [Int]
  ) -> Counterexample {
    var script = Script()
    guard var state = try? begin(keepsTrace: true, using: &script) else {
      return Counterexample(violation: violation, history: [])
    }
    for choices in graph.way(to: number) + [lastChoices] {
      var script = Script(choices)
      _ = try? step(&state, using: &script)
    }
    return Counterexample(violation: violation, history: state.scene.trace)
  }
}
