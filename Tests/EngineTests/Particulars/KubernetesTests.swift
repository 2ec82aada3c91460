import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite("Kubernetes pods") struct PodTests {
    @Test(
      "A worker in a pod uses the grace period, and the rest is killed when it expires, not before",
      arguments: [Kubernetes.privateProcesses, .sharedProcesses])
    func gracePeriod(engine: Kubernetes) throws {
      let script = """
        (trap 'sleep 0.5; echo finished; exit' TERM; echo ready; sleep 1000 & wait) &
        trap '' TERM
        wait; wait; sleep 1000
        """
      try engine.with(Spec(command: ["sh", "-c", script])) { container in
        try container.waitFor("ready")
        let start = ContinuousClock.now
        try container.stop()
        #expect(try container.wait() == 137)
        let took = ContinuousClock.now - start
        #expect(took >= .seconds(Patience.gracePeriod), "\(took)")
        #expect(try container.output().contains("finished"))
      }
    }

    @Test("In a shared PID namespace swinit is not PID 1 and leaves its neighbours alone")
    func sharedNamespace() throws {
      let engine = Kubernetes.sharedProcesses
      try require(Need.always + engine.needs, for: engine.name)
      let pod = try Pod(Kubernetes.interface(), sharesProcesses: true)
      defer { pod.remove() }
      let neighbour = try pod.start(Spec(command: ["sleep", "1000"]))
      defer { neighbour.removeContainer() }
      // The pause process, the neighbour's swinit and its command.
      let processes = ["pidof", "swinit", "sleep"]
      try eventually("the neighbour runs") {
        try neighbour.exec(processes).output.split(separator: " ").count == 3
      }
      let before = try neighbour.exec(processes).output
      let stubborn = "setsid sh -c \"trap '' TERM; echo stubborn; exec sleep 1000\" &"
      let stopped = try pod.start(
        Spec(
          command: Server.command(endingAt: .term, after: "echo parent $PPID; (\(stubborn))"),
          variables: ["SWINIT_KILL_AFTER=1s"]))
      defer { stopped.removeContainer() }
      try stopped.waitFor("stubborn")
      try Server.expectGracefulStop(of: stopped)
      #expect(try !stopped.output().contains("parent 1\n"))
      #expect(try neighbour.exec(processes).output == before)
      #expect(try neighbour.status().number(3) == 1, "the neighbour is running")
    }

    @Test(
      "The kubelet learns that the command was out of memory and finds the termination log",
      arguments: [Kubernetes.privateProcesses, .sharedProcesses])
    func outOfMemory(engine: Kubernetes) throws {
      let spec = Spec(
        command: ["sh", "-c", MemoryHog.script],
        variables: ["SWINIT_TERMINATION_LOG=\(PodContainer.terminationLog)"],
        isShortOfMemory: true)
      try engine.with(spec) { container in
        try MemoryHog.start(in: container)
        #expect(try container.wait() == 137)
        let container = try #require(container as? PodContainer)
        #expect(try container.status().text(10) == "OOMKilled")
        let message = try container.terminationMessage()
        #expect(message.hasPrefix("'sh' (process "), "\(message)")
        #expect(message.contains(") was killed by SIGKILL, out of memory, after "), "\(message)")
      }
    }
  }
}
