package import Testing

/// A shell script about the watch on a cgroup v2, which a kernel with cgroup v2 alone runs, and what its
/// sections are expected to print.
package enum WatchScript {
  private static let workers = 12

  /// The script, which creates files in a directory. The hierarchy is not mounted in its usual place.
  package static func text(in directory: String) -> String {
    """
    mkdir \(directory)/groups
    mount -t cgroup2 cgroup2 \(directory)/groups
    cd \(directory)/groups
    echo '+memory +pids' >cgroup.subtree_control

    # group NAME COMMAND...: runs COMMAND in a cgroup of its own. Otherwise the kernel could choose a process
    # that allocates memory while the worker dies.
    group() {
      sh -c 'echo 0 >"$0/cgroup.procs"; echo -1000 >/proc/self/oom_score_adj; exec "$@"' "$@"
      echo "status $?"
    }
    pid1='unshare -fp --mount-proc --kill-child'
    cat >\(directory)/workers <<'END'
    count=0
    while [ $count -lt \(workers) ]; do
      (echo 1000 >/proc/self/oom_score_adj
        exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null) &
      wait $! 2>/dev/null
      echo killed $!
      count=$((count + 1))
    done
    echo done
    kill $bystanders 2>/dev/null
    wait
    END
    bystanders='(while :; do sleep 0.05; done) & bystanders=$!'
    # workers NAME LAUNCHER PREPARATION
    workers() {
      echo "== $1"
      mkdir $1
      echo 64M >$1/memory.max
      group $1 $2 \(Swinit.path) sh -c "$3
        . \(directory)/workers"
      grep '^oom_kill ' $1/memory.events
    }
    workers workers "$pid1" ''
    workers plain '' ''
    workers bystanders "$pid1" "$bystanders"
    # limit NAME GROUP KIND
    limit() {
      echo "== $1"
      errors=\(directory)/errors.$1
      : >$errors
      # The processes are there until swinit has counted them.
      { for i in $(seq 1200); do ! [ $1 = above ] && ! grep -q limit $errors || break; sleep 0.1; done
        sleep 2; } | group $2 $pid1 \(Swinit.path) \(probe) leak $3 2>>$errors
      cat $errors
    }
    mkdir zombies running above
    for name in zombies running above; do echo 40 >$name/pids.max; done
    echo '+memory +pids' >above/cgroup.subtree_control
    mkdir above/own
    limit zombies zombies zombies
    limit running running running
    limit above above/own zombies
    echo '== group'
    mkdir group
    echo 64M >group/memory.max
    echo 1 >group/memory.oom.group
    cat >\(directory)/members <<'END'
    for bystander in 1 2; do
      (echo 0 >/proc/self/oom_score_adj; exec sleep 1000) &
      until grep -qx 0 /proc/$!/oom_score_adj; do :; done
    done
    (echo 0 >/proc/self/oom_score_adj; exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null) &
    wait
    echo done
    END
    group group $pid1 \(Swinit.path) sh \(directory)/members
    grep kill group/memory.events
    echo '== descriptors'
    mkdir descriptors
    group descriptors $pid1 \(Swinit.path) -v sh -c '
      until [ -e /proc/1/fd/5 ]; do sleep 0.1; done; echo of swinit $(ls /proc/1/fd)'
    """
  }

  /// The sections about workers, as PID 1 and not, and beside processes that exit at the same time.
  package static let workerSections = ["workers", "plain", "bystanders"]

  package static func expectWorkers(
    _ section: String, in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try transcript.section(section, location)
    #expect(lines.contains("done"), "\(lines)", sourceLocation: location)
    let story = OutOfMemoryStory(lines)
    story.expectTruth(kills: workers, "\(lines)", location)
    print("\(section): \(story.named.count) of \(workers) named")
  }

  /// The sections about a process limit: what fills it, and how a message about that ends.
  package static let limitSections = [
    ("zombies", "zombies", ", which must wait() for them"),
    ("running", "children", ", and have not exited"),
  ]

  package static func expectProcessLimit(
    _ section: (name: String, kind: String, end: String), in transcript: Transcript,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try transcript.section(section.name, location)
    #expect(lines.contains("refused"), sourceLocation: location)
    let messages = lines.filter { $0.hasPrefix("swinit: ") }
    #expect(!messages.isEmpty && messages.count <= 6, "\(lines)", sourceLocation: location)
    for message in messages {
      let match = try #require(
        message.firstMatch(of: /^swinit: process limit reached: 40 of 40; (\d+) are (.*)$/),
        "\(lines)", sourceLocation: location)
      #expect(
        Int(match.1).map { 30...39 ~= $0 } == true, "\(message)", sourceLocation: location)
      #expect(
        match.2.hasPrefix("\(section.kind) of process ") && match.2.hasSuffix(section.end),
        "\(message)", sourceLocation: location)
    }
  }

  /// The limit of the cgroup above was reached.
  package static func expectSilence(
    in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try transcript.section("above", location)
    #expect(lines.filter { $0.hasPrefix("swinit: ") } == [], sourceLocation: location)
    #expect(lines.contains("refused"), sourceLocation: location)
  }

  /// swinit and the command live, since the OOM killer leaves processes with their score alone.
  package static func expectGroupKill(
    in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try transcript.section("group", location)
    #expect(lines.contains("done"), "\(lines)", sourceLocation: location)
    #expect(lines.contains("oom_group_kill 1"), "\(lines)", sourceLocation: location)
    // The kernel may count the one that it chose once more as a member of the group.
    let kills = lines.compactMap { $0.wholeMatch(of: /oom_kill (\d+)/).flatMap { Int($0.1) } }
    #expect(kills == [3] || kills == [4], "\(lines)", sourceLocation: location)
    let messages = lines.filter { $0.hasPrefix("swinit: ") }
    let match = messages.first?.firstMatch(
      of:
        /^swinit: out of memory: the kernel killed (\d+) processes of a control group with memory\.oom\.group; limit 64 MiB/
    )
    #expect(
      messages.count == 1 && kills == [match.flatMap { Int($0.1) }], "\(lines)",
      sourceLocation: location)
  }

  package static func expectDescriptors(
    in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try transcript.section("descriptors", location)
    #expect(
      lines.contains("swinit: watching the control group's memory.events and pids.events"),
      sourceLocation: location)
    #expect(lines.contains("of swinit 0 1 2 3 4 5"), sourceLocation: location)
  }
}
