import Foundation
import TestSupport
import Testing

extension EngineTests.Servers {
  /// Servers that reap their own workers, in a kernel that has cgroup v2 alone: User-mode Linux.
  @Suite("Servers that reap their workers, on cgroup v2") struct CgroupV2Tests {
    @Test(
      "Each fork of a Ruby supervisor that the kernel kills is reported, although the supervisor reaps it",
      .needs(ServerKernel.needs + [.program("ruby"), rubyAsync]))
    func rubySupervisor() throws {
      let lines = try ServerKernel.output(of: ServerKernel.rubySupervisor)
      #expect(lines.contains("done"))
      let killed = lines.compactMap { $0.wholeMatch(of: /killed (\d+)/).map { String($0.1) } }
      try expectReports(of: killed, named: "ruby", in: lines)
    }

    @Test(
      "Each worker of gunicorn that the kernel kills is reported, although gunicorn reaps it",
      .needs(ServerKernel.needs + [.program("curl"), PythonPackages.gunicornNeed]))
    func gunicorn() throws {
      let lines = try ServerKernel.output(of: ServerKernel.gunicorn)
      let killed = lines.prefix { !$0.contains("Handling signal: term") }
        .compactMap { $0.firstMatch(of: /Worker \(pid:(\d+)\) was sent SIGKILL/) }
        .map { String($0.1) }
      try expectReports(of: killed, named: "gunicorn", in: lines)
    }

    /// Its worker forgets one child of each request, and reaps the other with Process.detach, which
    /// needs a thread.
    @Test(
      "When Puma can start no more processes, swinit reports the limit and the worker with the zombies",
      .needs(ServerKernel.needs + [.program("puma"), .program("curl")]))
    func puma() throws {
      let lines = try ServerKernel.output(of: ServerKernel.puma)
      #expect(lines.contains { $0.hasPrefix("refused: ") }, "\(lines)")
      let worker = try #require(
        lines.firstMatch(of: /.* - Worker 0 \(PID: (\d+)\) booted .*/).map { String($0.1) })
      let messages = lines.filter { $0.hasPrefix("swinit: ") }
      #expect(!messages.isEmpty, "\(lines)")
      for message in messages {
        let match = try #require(
          message.wholeMatch(
            of: /swinit: process limit reached: 60 of 60; (\d+) are zombies of (.*)/))
        #expect(Int(match.1).map { 30...55 ~= $0 } == true, "\(message)")
        #expect(match.2 == "process \(worker) (puma), which must wait() for them")
      }
    }

    /// Each kill was reported, with the right name or as a number; the kernel counts as many.
    private func expectReports(
      of killed: [String], named name: String, in lines: [String]
    ) throws {
      #expect(killed.count >= ServerKernel.kills, "\(lines)")
      #expect(lines.contains("oom_kill \(killed.count)"), "\(lines)")
      let prefix = "swinit: out of memory: the kernel killed "
      let messages = lines.filter { $0.hasPrefix(prefix) }
      // When it stops, gunicorn kills a worker that has just started.
      let others = lines.prefix { !$0.contains("Handling signal: term") }
        .filter { $0.hasPrefix("swinit: ") && !$0.hasPrefix(prefix) }
      #expect(others == [], "\(lines)")
      let victims = messages.compactMap {
        $0.dropFirst(prefix.count)
          .firstMatch(of: /^(?:a process, most likely )?process (\d+) \((.*)\); limit 96 MiB/)
      }
      let counts = messages.compactMap {
        $0.dropFirst(prefix.count).firstMatch(of: /^(\d+) process/).flatMap { Int($0.1) }
      }
      #expect(victims.count + counts.reduce(0, +) == killed.count, "\(lines)")
      #expect(victims.allSatisfy { $0.2 == name }, "\(lines)")
      let named = victims.map { String($0.1) }
      #expect(Set(named).count == named.count && Set(named).isSubset(of: killed), "\(lines)")
    }
  }

  fileprivate static let rubyAsync = Need.file(
    "/var/lib/dpkg/info/ruby-async.list", package: "ruby-async")
}

extension Array where Element == String {
  /// The first line that is matched.
  fileprivate func firstMatch<Output>(of pattern: some RegexComponent<Output>) -> Output? {
    lazy.compactMap { $0.wholeMatch(of: pattern)?.output }.first
  }
}

/// A kernel in which a server runs, and a client that makes it run out of memory or processes.
private enum ServerKernel {
  static let needs = UserModeMachine.needs + [.program("unshare")]
  /// How many workers are killed at least.
  static let kills = 4

  /// The lines that a server and swinit printed, with the kernel's count at the end.
  static func output(of server: (TemporaryDirectory) throws -> String) throws -> [String] {
    let directory = try TemporaryDirectory()
    let script = try prologue(directory.path) + server(directory)
    return try UserModeMachine.output(of: script, in: directory)
      .split(separator: "\n").map(String.init)
  }

  /// Sockets are on a file system of that kernel's own.
  private static func prologue(_ directory: String) -> String {
    """
    mkdir \(directory)/groups \(directory)/sockets
    mount -t cgroup2 cgroup2 \(directory)/groups
    mount -t tmpfs tmpfs \(directory)/sockets
    cd \(directory)/groups
    echo '+memory +pids' >cgroup.subtree_control
    mkdir server
    # serve COMMAND...: runs swinit as PID 1 in the cgroup
    serve() {
      sh -c 'echo 0 >server/cgroup.procs; exec "$@"' sh \\
        unshare -fp --mount-proc --kill-child \(Swinit.path) "$@"
    }

    """
  }

  /// A client that swinit adopts, and that stops the server when it has finished.
  private static func client(_ directory: TemporaryDirectory, _ requests: String) throws -> String {
    let path = try directory.file(
      "client",
      """
      ask() { curl --silent --unix-socket \(directory.path)/sockets/server http://localhost$1; }
      until ask / | grep -q ready; do sleep 0.1; done
      \(requests)
      kill -TERM 1
      """)
    return "(sh \(path) &); exec"
  }

  static func rubySupervisor(_ directory: TemporaryDirectory) throws -> String {
    let path = try directory.file("supervisor.rb", supervisor)
    return """
      echo 96M >server/memory.max
      serve ruby \(path)
      grep '^oom_kill ' server/memory.events
      """
  }

  static func gunicorn(_ directory: TemporaryDirectory) throws -> String {
    try directory.file("app.py", wsgiApplication)
    let client = try client(
      directory,
      """
      for turn in $(seq \(kills)); do
        ask /eat
        until ask / | grep -q ready; do sleep 0.1; done
      done
      """)
    let sockets = "\(directory.path)/sockets"
    return """
      echo 96M >server/memory.max
      export PYTHONPATH=\(directory.path) PYTHONDONTWRITEBYTECODE=1
      serve sh -c '\(client) \(PythonPackages.program("gunicorn")) --workers 2 --timeout 600 \\
        --graceful-timeout 1 --worker-tmp-dir \(sockets) --control-socket \(sockets)/control \\
        --bind unix:\(sockets)/server app:app'
      grep '^oom_kill ' server/memory.events
      """
  }

  static func puma(_ directory: TemporaryDirectory) throws -> String {
    let path = try directory.file("config.ru", rackApplication)
    let client = try client(
      directory, "for turn in $(seq 100); do ask / | grep refused && break; done")
    return """
      echo 60 >server/pids.max
      serve sh -c '\(client) puma --environment production --workers 1 --threads 1:1 \\
        --bind unix://\(directory.path)/sockets/server \(path)'
      """
  }

  /// As async-container, which runs Falcon's workers: it forks them, waits for them in fibers, and replaces
  /// them. The kernel kills a worker rather than the supervisor, however large that is.
  private static let supervisor = """
    require "async"

    $stdout.sync = true
    Async do |all|
      2.times do
        all.async do
          \(kills / 2).times do
            worker = fork do
              File.write("/proc/self/oom_score_adj", "1000")
              hoard = []
              loop { hoard << "x" * 1_000_000 }
            end
            status = Process::Status.wait(worker)
            puts "killed #{worker}" if status.termsig == 9
          end
        end
      end
    end
    puts "done"
    """

  private static let wsgiApplication = """
    def app(request, start):
        if request["PATH_INFO"] == "/eat":
            with open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")
            hoard = []
            while True:
                hoard.append(b"x" * 1_000_000)
        start("200 OK", [])
        return [b"ready"]
    """

  private static let rackApplication = """
    run(lambda do |request|
      answer =
        begin
          spawn("true")
          Process.detach(spawn("true"))
          "ready"
        rescue ThreadError, SystemCallError => error
          "refused: #{error.message}"
        end
      [200, {}, [answer]]
    end)
    """
}
