import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite struct `pods` {
    @Test(arguments: [Kubernetes.privateProcesses, .sharedProcesses])
    func `a container that won't end is killed when the grace period is over, and not before`(
      engine: Kubernetes
    ) throws {
      let command = ["sh", "-c", "trap '' TERM; echo ready; exec sleep 1000"]
      try engine.with(Spec(command: command)) { container in
        try container.waitFor("ready")
        let start = ContinuousClock.now
        try container.stop()
        #expect(try container.wait() == 137)
        let took = ContinuousClock.now - start
        #expect(took >= .seconds(Grace.period) && took < .seconds(Grace.period + 3), "\(took)")
      }
    }

    @Test func `in a shared PID namespace swinit is not PID 1, and leaves its neighbours alone`()
      throws
    {
      let engine = Kubernetes.sharedProcesses
      try require(Need.always + engine.needs, for: engine.name)
      let pod = try Pod(Kubernetes.interface(), sharesProcesses: true)
      defer { pod.remove() }
      let spec = Spec(command: ["sh", "-c", "echo pid $$; exec sleep 1000"])
      let neighbour = try pod.start(spec)
      defer { neighbour.forget() }
      let stopped = try pod.start(
        Spec(
          command: Server.command(endingAt: .term, after: "echo parent $PPID"),
          variables: ["SWINIT_KILL_AFTER=2s"]))
      defer { stopped.forget() }
      try Server.expectGracefulStop(of: stopped)
      #expect(try !stopped.output().contains("parent 1\n"))
      let look = try neighbour.exec(["cat", "/proc/1/comm"])
      #expect(look.output == "swinit\n")
      #expect(try neighbour.status().number(3) == 1, "the neighbour is running")
      let sleeps = try neighbour.exec(["pidof", "sleep"])
      #expect(sleeps.output.split(separator: " ").count == 1, "\(sleeps.output)")
    }

    @Test func `the kubelet is told that COMMAND was out of memory`() throws {
      let spec = Spec(command: ["tail", "/dev/zero"], memoryLimit: 32 << 20)
      try Kubernetes.privateProcesses.with(spec) { container in
        #expect(try container.wait() == 137)
        let reason = try (container as? PodContainer)?.status().text(10)
        #expect(reason == "OOMKilled")
      }
    }

    /// What `--termination-log` writes, as `message` (11) of the container's status. Here it will be
    /// asked for, as soon as swinit has that option.
  }
}
