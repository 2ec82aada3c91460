import Supervision
import Testing

@Suite("Parsing of /proc/PID/cgroup and /proc/PID/mountinfo")
struct CgroupLinesTests {
  @Test("A line of /proc/PID/cgroup names the cgroup that accounts for the memory")
  func groups() {
    let lines: [(String, Bool, String)] = [
      ("4:memory:/docker/ab", false, "/docker/ab"), ("4:memory:/", false, "/"),
      ("4:cpu,memory,pids:/a b", false, "/a b"), ("4:memory:/a:b", false, "/a:b"),
      ("0::/", true, "/"), ("0::/user.slice/x:y", true, "/user.slice/x:y"),
      ("0::/../other", true, "/../other"),
    ]
    for (line, isUnified, path) in lines {
      let group = MemoryGroup(text(line))
      #expect(group?.isUnified == isUnified, "\(line)")
      #expect(group?.path.string == path, "\(line)")
    }
  }

  @Test(
    "A line of /proc/PID/cgroup about anything else is ignored",
    arguments: [
      "", "0", "0:", "4:memory", "4:cpu:/a", "4:memories:/a", "4:xmemory:/a", "1:name=memory:/a",
      "9:name=systemd:/", "1::/", "memory", ":::", "4:cpu,memoryx:/",
    ])
  func noGroups(line: String) {
    #expect(MemoryGroup(text(line)) == nil)
  }

  @Test("A line of /proc/PID/mountinfo gives the mount point of the memory hierarchy")
  func mounts() {
    let lines: [(String, Bool, String, String)] = [
      (
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory", false, "/",
        "/sys/fs/cgroup/memory"
      ),
      (
        "35 31 0:32 /docker/ab /sys/fs/cgroup/memory ro master:9 shared:2 - cgroup memory rw,memory",
        false, "/docker/ab", "/sys/fs/cgroup/memory"
      ),
      ("35 31 0:32 /a /m rw - cgroup x rw,cpu,memory,pids", false, "/a", "/m"),
      (
        "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate", true, "/",
        "/sys/fs/cgroup"
      ),
      ("41 31 0:38 /../.. /mnt rw a:1 b c - cgroup2 none rw", true, "/../..", "/mnt"),
      (
        #"41 31 0:38 /a\040b\134c\011\012d /my\040groups\134 rw - cgroup2 none rw"#, true,
        "/a b\\c\t\nd", "/my groups\\"
      ),
      // Escapes that the kernel never writes are taken literally.
      (#"1 2 3 /\04 /\400\08\x\ rw - cgroup2 x rw"#, true, #"/\04"#, #"/\400\08\x\"#),
    ]
    for (line, isUnified, root, place) in lines {
      let mount = MemoryGroupMount(text(line))
      #expect(mount?.isUnified == isUnified, "\(line)")
      #expect(mount?.root.string == root, "\(line)")
      #expect(mount?.mountPoint.string == place, "\(line)")
      #expect(mount?.mountPoint.count == place.utf8.count, "\(line)")
    }
  }

  @Test(
    "A line of /proc/PID/mountinfo about anything else is ignored",
    arguments: [
      "", "-", "35 31 0:32 / /m rw -", "35 31 0:32 / /m rw - cgroup cgroup rw,cpu",
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,memory",
      "35 31 0:32 / /m rw cgroup x memory",
      "35 31 0:32 / /cgroup rw - ext4 cgroup rw,memory",
      "40 31 0:37 / /m rw - cgroup x rw,name=memory",
    ])
  func noMounts(line: String) {
    #expect(MemoryGroupMount(text(line)) == nil)
  }

  @Test("The root of a mount is removed from the path of a cgroup below it")
  func cuts() throws {
    let cases: [(String, String, Int?)] = [
      ("/", "/", 0), ("/", "/docker/ab", 0),
      ("/docker/ab", "/docker/ab", 10), ("/docker/ab", "/docker/ab/c", 10),
      ("/docker/ab", "/docker/abc", nil), ("/docker/ab", "/docker", nil),
      ("/docker/ab", "/", nil), ("/docker", "/podman", nil), ("/../x", "/", nil),
      (#"/a\040b\134"#, #"/a b\"#, 5), (#"/a\040b\134"#, #"/a b\/c"#, 5),
      (#"/a\040b"#, #"/a\040b"#, nil), (#"/a\040b"#, "/a bc", nil), ("/a", #"/a\040b"#, nil),
      // A path that leads out of the cgroup namespace is not visible.
      ("/", "/..", nil), ("/", "/../other", nil), ("/", "/..a", 0),
    ]
    for (root, group, length) in cases {
      let mount = try #require(
        MemoryGroupMount(text("35 31 0:32 \(root) /m rw - cgroup x rw,memory")))
      #expect(mount.lengthOfRoot(above: text(group)) == length, "\(root) above \(group)")
    }
  }

  @Test("The parents of a cgroup are the prefixes of its path, up to the mount point")
  func parents() {
    let cases: [(String, Int, [Int])] = [
      ("/m/a/b", 2, [6, 4, 2]), ("/m", 2, [2]), ("/m/a b", 2, [6, 2]), ("//a", 1, [3, 1]),
      ("/m//a", 2, [5, 3, 2]), ("/m", 3, []), ("", 0, []),
    ]
    for (path, top, lengths) in cases {
      let paths = ParentPaths(text(path), top: top)
      #expect(Array(paths) == lengths, "\(path)")
      #expect(
        (0...3).map { paths.after($0) } == (0...3).map { $0 < lengths.count ? lengths[$0] : nil })
    }
  }
}

@Suite("The cgroup that ran out of memory")
struct LimitHitsTests {
  /// For each reading of the counters, innermost cgroup first, and of the kills: the cgroup that is
  /// found to have run out of memory.
  private func groups(_ readings: [(counts: [Int64?], kills: Int64)]) -> [Int?] {
    var hits = LimitHits()
    return readings.map { reading in
      for (group, count) in reading.counts.enumerated() { hits.record(count, ofGroup: group) }
      return hits.group(kills: reading.kills)
    }
  }

  @Test("A kill is attributed to the cgroup whose limit was hit since the last reading")
  func own() {
    #expect(groups([([5, 0, 9], 3), ([6, 0, 9], 4)]) == [nil, 0])
    #expect(groups([([5, 0, 9], 3), ([5, 0, 11], 4)]) == [nil, 2])
    #expect(groups([([0], 0), ([1], 1), ([1], 2), ([2], 3)]) == [nil, 0, nil, 0])
  }

  @Test("A kill is attributed to the innermost of several cgroups that hit their limits")
  func several() {
    #expect(groups([([0, 0, 0], 0), ([0, 1, 7], 1)]) == [nil, 1])
  }

  @Test("A kill is attributed to no cgroup if no visible one hit its limit")
  func outOfSight() {
    #expect(groups([([0, 0], 0), ([0, 0], 1)]) == [nil, nil])
    #expect(groups([([], 0), ([], 1)]) == [nil, nil])
    #expect(groups([([0, 1], 0), ([0, 2], 1), ([0, 2], 2)]) == [nil, 1, nil])
  }

  @Test("A kill is not attributed by a counter that could not be read")
  func unreadable() {
    #expect(groups([([nil, 0], 0), ([4, 0], 1)]) == [nil, nil])
    #expect(
      groups([([4, 0], 0), ([nil, 0], 1), ([5, 0], 2), ([6, 0], 3)]) == [nil, nil, nil, 0])
  }

  @Test("Two kills that are examined one after the other are attributed to the same cgroup")
  func kept() {
    #expect(groups([([0, 0], 0), ([0, 2], 2), ([0, 2], 2)]) == [nil, 1, 1])
    // The second kill came after the counters were read, and before the kills were counted.
    #expect(groups([([0, 0], 0), ([0, 1], 2), ([0, 2], 2)]) == [nil, 1, 1])
  }

  @Test("A cgroup whose peak is far below its limit has not run out of memory")
  func peaks() {
    let limit: Int64 = 64 << 20
    for (peak, mayHave) in [
      (limit, true), (limit + 4096, true), (limit - (1 << 20), true),
      (limit - (1 << 20) - 1, false),
      (0, false), (nil, false),
    ] as [(Int64?, Bool)] {
      #expect(LimitHits.mayHaveRunOut(limit: limit, peak: peak) == mayHave)
      #expect(!LimitHits.mayHaveRunOut(limit: nil, peak: peak))
    }
  }

  @Test("Cgroups beyond the supported depth are not considered")
  func deep() {
    let zeros = [Int64?](repeating: 0, count: 40)
    var last = zeros
    last[LimitHits.capacity] = 1
    #expect(groups([(zeros, 0), (last, 1)]) == [nil, nil])
    last[LimitHits.capacity - 1] = 1
    #expect(groups([(zeros, 0), (last, 1)]) == [nil, LimitHits.capacity - 1])
  }
}

extension EscapedPath {
  var string: String { String(decoding: Array(bytes), as: UTF8.self) }
}

@Suite("Parsing of memory.events and pids.events")
struct CgroupEventsTests {
  @Test("The counts are read in any order, and are zero if they are missing or malformed")
  func counts() {
    let lines = "low 1\nhigh 2\nmax 30\noom 4\noom_kill 5\noom_group_kill 6\n"
    let events = CgroupEvents.Memory(text(lines))
    #expect([events.hits, events.kills, Int64(events.groupKills)] == [30, 5, 6])
    let old = CgroupEvents.Memory(text("oom_kill 7\nmax 8"))
    #expect([old.hits, old.kills, Int64(old.groupKills)] == [8, 7, 0])
    for lines in ["", "max", "max x", "max -1\n", "oom_kills 3\n"] {
      #expect(CgroupEvents.Memory(text(lines)) == CgroupEvents.Memory())
    }
    #expect(CgroupEvents.Memory(text("max 12\n")).hits == 12)
  }
}
