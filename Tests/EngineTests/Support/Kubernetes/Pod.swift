import Foundation

/// A pod: its sandbox, in which containers can be started.
final class Pod {
  private let interface: KubeletInterface
  private let name = Workspace.newName("pod")
  private let logs: URL
  private let sharesProcesses: Bool
  private let id: String

  init(_ interface: KubeletInterface, sharesProcesses: Bool) throws {
    self.interface = interface
    self.sharesProcesses = sharesProcesses
    logs = try Workspace.newDirectory("pod-logs")
    let configuration = Self.configuration(name, logs, sharesProcesses)
    id = try interface.call("RunPodSandbox", Message(.message(1, configuration))).text(1)
  }

  func remove() {
    _ = try? interface.call("StopPodSandbox", Message(.text(1, id)))
    _ = try? interface.call("RemovePodSandbox", Message(.text(1, id)))
    try? FileManager.default.removeItem(at: logs)
  }

  /// PodSandboxConfig
  private static func configuration(
    _ name: String, _ logs: URL, _ sharesProcesses: Bool
  ) -> Message {
    Message(
      .message(1, Message(.text(1, name), .text(2, name), .text(3, Workspace.token))),
      .text(3, logs.path),
      .message(
        8,
        Message(
          .text(1, "/\(Workspace.token)"),
          .message(2, Message(.message(1, namespaces(sharesProcesses)))))))
  }

  /// NamespaceOption: the machine's network, so that no CNI plugin is needed.
  private static func namespaces(_ sharesProcesses: Bool) -> Message {
    Message(.number(1, 2), .number(2, sharesProcesses ? 0 : 1))
  }

  func start(_ spec: Spec) throws -> PodContainer {
    let log = Workspace.newName("log")
    let request = Message(
      .text(1, id), .message(2, try container(spec, log)),
      .message(3, Self.configuration(name, logs, sharesProcesses)))
    let container = try interface.call("CreateContainer", request).text(1)
    _ = try interface.call("StartContainer", Message(.text(1, container)))
    return PodContainer(
      pod: self, interface: interface, id: container, log: logs.appending(path: log))
  }

  /// ContainerConfig
  private func container(_ spec: Spec, _ log: String) throws -> Message {
    // Mount
    let terminationLog = Message(
      .text(1, PodContainer.terminationLog),
      .text(2, try Workspace.newFile("termination-log").path))
    let variables = spec.environment.map { variable in
      let pair = variable.split(separator: "=", maxSplits: 1).map(String.init)
      return Message(.text(1, pair[0]), .text(2, pair.count == 2 ? pair[1] : ""))
    }
    let image = spec.stopSignal == .term ? Image.withEntrypoint : Image.stoppedByRealTimeSignal
    return Message(
      .message(1, Message(.text(1, log))),
      .message(2, Message(.text(1, image))),
      .texts(4, spec.command), .messages(6, variables), .message(7, terminationLog),
      .message(
        10,
        Message(
          .text(1, PodContainer.terminationLogAnnotation), .text(2, PodContainer.terminationLog))),
      .text(11, log),
      .number(12, spec.hasTerminal ? 1 : 0), .number(14, spec.hasTerminal ? 1 : 0),
      .message(15, Message(.message(1, resources(spec)), .message(2, security(spec)))))
  }

  /// LinuxContainerResources
  private func resources(_ spec: Spec) -> Message {
    guard spec.isShortOfMemory else { return Message() }
    return Message(.number(4, Spec.memoryLimit), .number(10, Spec.memoryLimit))
  }

  /// LinuxContainerSecurityContext
  private func security(_ spec: Spec) -> Message {
    let namespaces = Message.Field.message(3, Self.namespaces(sharesProcesses))
    guard spec.isHardened else { return Message(namespaces, .message(15, Self.unconfined)) }
    let user = Message(.number(1, 65534))
    return Message(
      .message(1, Message(.texts(2, ["ALL"]))), namespaces, .message(5, user),
      .message(12, user), .number(7, 1), .number(11, 1),
      .message(15, Self.runtimeDefault))
  }

  /// SecurityProfile
  private static let runtimeDefault = Message(.number(1, 0))
  private static let unconfined = Message(.number(1, 1))
}
