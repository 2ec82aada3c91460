import Foundation
import Glibc
import TestSupport
import Testing

extension Scenario {
  static let logging = [
    Scenario(
      title: "reports an out-of-memory kill of an orphan", places: [.processOne],
      needs: [.root, ControlGroup.need], promise: "yes",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.reportsOutOfMemoryKill() },
    Scenario(
      title: "reports a process that does not reap its zombies",
      options: [.swinit: ["--zombie-check", "50ms"]], promise: "with `--zombie-check`",
      differences: [.tini: "no", .dumbInit: "no", .catatonit: "no"]
    ) { try $0.reportsZombies() },
  ]

  static let binary = [
    Scenario(
      title: "runs in an image without other files (`FROM scratch`)", places: [.plain],
      needs: [.root], isOfWhatShips: true, promise: "yes",
      differences: [.tini: "no", .tiniStatic: "yes", .dumbInit: "no"]
    ) { trial in
      let directory = try TemporaryDirectory()
      _ = try directory.copy(of: trial.subject.path, "init")
      let outcome = try Run(["chroot", directory.path, "/init", "--version"]).outcome()
      return outcome.ending == .exited(0) ? "yes" : "no"
    },
    Scenario(
      title: "approximate size on x86-64", places: [.plain],
      needs: [.feature("x86-64", isThere: isX86)], isOfWhatShips: true, promise: "90 kB",
      differences: [
        .tini: "30 kB", .tiniStatic: "700 kB", .dumbInit: "20 kB", .catatonit: "700 kB",
      ]
    ) { trial in
      let attributes = try FileManager.default.attributesOfItem(atPath: trial.subject.path)
      // Rounded to one digit, which is the same for builds that hardly differ.
      let size = Double(attributes[.size] as? Int ?? 0) / 1000
      let unit = pow(10, floor(log10(size)))
      return "\(Int((size / unit).rounded() * unit)) kB"
    },
  ]

  #if arch(x86_64)
    private static let isX86 = true
  #else
    private static let isX86 = false
  #endif
}

extension Trial {
  fileprivate func reportsOutOfMemoryKill() throws -> String {
    // A fork while the victim still dies would also allocate memory.
    let script = """
      pid=$(dd if=/dev/zero of=/dev/null bs=200M count=1 >/dev/null 2>&1 & echo $!)
      while kill -0 $pid; do :; done 2>/dev/null
      """
    var errors = ""
    try ControlGroup.withGroup { group in
      let command = [subject.path, "--", "sh", "-c", script]
      errors = try Run(group.wrapper + place.wrapper + command).outcome().errors
    }
    return errors.contains("memory") ? "yes" : "no"
  }

  fileprivate func reportsZombies() throws -> String {
    let directory = try TemporaryDirectory()
    let file = directory("errors")
    let run = try run("sh", "-c", "true & exec sleep 1000", errors: .file(file))
    return run.comes { contents(of: file)?.contains("has 1 zombie child") == true }
      ? "yes" : "no"
  }
}
