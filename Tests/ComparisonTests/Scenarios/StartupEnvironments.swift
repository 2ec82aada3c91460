import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let startupEnvironments = [
    Scenario(
      title: "`INIT sh -c …` works without `--`", promise: "yes",
      differences: [.tini: "no", .catatonit: "no"]
    ) { trial in
      let run = try Run(of: trial.subject.path, ["sh", "-c", "exit 7"], at: trial.place)
      return try run.ending() == .exited(7) ? "yes" : "no"
    },
    Scenario(
      title: "works when CHLD was ignored", promise: "yes",
      differences: [.tini: "hangs", .catatonit: "hangs"]
    ) {
      try $0.works(after: [probe, "with-signals", "0", "10000"])
    },
    Scenario(title: "works when all signals were blocked", promise: "yes") {
      try $0.works(after: [probe, "with-signals", "fffffffffffbfeff", "0"])
    },
    Scenario(
      title: "works when standard input is closed", promise: "yes",
      differences: [.tini: "exited 1"]
    ) {
      try $0.works(after: [probe, "without-descriptors", "0"])
    },
    Scenario(title: "works when standard output and error are closed", promise: "yes") {
      try $0.works(after: [probe, "without-descriptors", "12"])
    },
    Scenario(title: "works without an environment", promise: "yes") {
      try $0.works(after: ["env", "-i"])
    },
    Scenario(
      title: "works without `/proc`", places: [.processOne], needs: [.root], promise: "yes"
    ) { trial in
      try trial.works(
        after: ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"])
    },
    Scenario(title: "works without capabilities", needs: [.root], promise: "yes") {
      try $0.works(
        after: [
          "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--bounding-set=-all",
          "--inh-caps=-all", "--no-new-privs",
        ])
    },
    Scenario(
      title: "works when standard error is a closed pipe (`-v`)", promise: "yes",
      differences: [
        .tini: Expectation(processOne: "yes", plain: "no"), .dumbInit: "no",
        .catatonit: "refuses `-v`",
      ]
    ) {
      try $0.logs(to: .closedPipe)
    },
    Scenario(
      title: "works when standard error is a full pipe (`-v`)", promise: "yes",
      differences: [
        .tini: Expectation(processOne: "yes", plain: "no"), .dumbInit: "no",
        .catatonit: "refuses `-v`",
      ]
    ) {
      try $0.logs(to: .fullPipe)
    },
  ]
}

extension Trial {
  /// Forwards a signal, reaps, and exits with the command's status.
  fileprivate func works(after launcher: [String]) throws -> String {
    let directory = try TemporaryDirectory()
    let program = try directory.copy(of: subject.path, "init")
    let script = "trap 'exit 7' USR1; kill -USR1 $PPID; while :; do sleep 0.01; done"
    let run = try Run(
      place.wrapper + launcher + [program, "--", "sh", "-c", script], of: program)
    guard run.comes({ run.hasEnded }) else { return "hangs" }
    let ending = try run.ending()
    return ending == .exited(7) ? "yes" : "\(ending)"
  }

  /// Writes messages as requested, and works.
  fileprivate func logs(to sink: ErrorSink) throws -> String {
    let script = "trap 'exit 7' USR1; echo ready; while :; do sleep 1000 & wait; done"
    let isTini = subject == .tini || subject == .tiniStatic
    let verbose = [isTini ? "-vvv" : "-v", "--"]
    if try Run(of: subject.path, verbose + ["true"], at: place).ending() != .exited(0) {
      return "refuses `-v`"
    }
    let run = try Run(
      of: subject.path, verbose + ["sh", "-c", script], at: place, errors: sink)
    guard run.comes({ run.takeLine() != nil }) else { return "no" }
    // The init may have exited already.
    guard let supervisor = run.supervisorIfRunning else { return "no" }
    kill(supervisor, SIGUSR1)
    guard run.comes({ run.hasEnded }) else { return "no" }
    return try run.ending() == .exited(7) ? "yes" : "no"
  }
}
