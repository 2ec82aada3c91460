import Foundation
import TestSupport

/// Pods created through containerd's CRI plugin, as a kubelet creates them.
struct Kubernetes: Engine {
  let name: String
  let usage: String
  /// Whether the containers of a pod share a PID namespace, whose PID 1 is the pause process.
  let sharesProcesses: Bool
  let needs =
    Containerd.needs + [
      .program("curl"), .program("ctr", package: "containerd"),
      WebSocketClient.need,
    ]
  let features = Set(Feature.allCases).subtracting([.processLimit])

  static let privateProcesses = Kubernetes(
    name: "Kubernetes pod", usage: ImageEngine.entrypoint, sharesProcesses: false)
  static let sharedProcesses = Kubernetes(
    name: "Kubernetes pod that shares processes",
    usage: "the same, with `shareProcessNamespace: true` in the pod", sharesProcesses: true)

  func start(_ spec: Spec) throws -> any Container {
    let interface = try Self.interface()
    let pod = try Pod(interface, sharesProcesses: sharesProcesses)
    do {
      return try pod.start(spec)
    } catch {
      pod.remove()
      throw error
    }
  }

  private static let containerd = Once<KubeletInterface>()

  /// The image of the pause process: `swinit --pause`.
  static let pauseImage = "localhost/\(Workspace.token)/pause:1"

  static func interface() throws -> KubeletInterface { try containerd.get(startContainerd) }

  private static func startContainerd() throws -> KubeletInterface {
    let directory = Workspace.directory.appending(path: "cri")
    let socket = try Containerd.start(
      in: directory,
      plugins: """
        [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "\(pauseImage)"
        restrict_oom_score_adj = true
        disable_cgroup = false
        [plugins."io.containerd.grpc.v1.cri".cni]
        conf_dir = "\(directory.path)/cni"
        """)
    let images: [(name: String, entrypoint: [String], StopSignal)] = [
      (pauseImage, ["/swinit", "--pause"], .term),
      (Image.withEntrypoint, ["/swinit", "--"], .term),
      (Image.stoppedByRealTimeSignal, ["/swinit", "--"], .realTime),
    ]
    for (name, entrypoint, signal) in images {
      let file = try Image.dockerArchive(
        name: name, entrypoint: entrypoint, stopSignal: signal)
      try succeed(["ctr", "--address", socket, "--namespace", "k8s.io", "image", "import", file])
    }
    let interface = KubeletInterface(socket: socket)
    try eventually("the CRI plugin answers", within: Patience.work) {
      (try? interface.call("Version", Message())) != nil
    }
    return interface
  }
}
