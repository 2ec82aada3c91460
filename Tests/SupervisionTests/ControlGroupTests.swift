import Supervision
import Testing

@Suite("Where control groups are")
struct ControlGroupTests {
  @Test("a line of /proc/PID/cgroup names the group that accounts for the memory")
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
    "other lines don't",
    arguments: [
      "", "0", "0:", "4:memory", "4:cpu:/a", "4:memories:/a", "4:xmemory:/a", "1:name=memory:/a",
      "9:name=systemd:/", "1::/", "memory", ":::", "4:cpu,memoryx:/",
    ])
  func noGroups(line: String) {
    #expect(MemoryGroup(text(line)) == nil)
  }

  @Test("a line of /proc/PID/mountinfo tells where its hierarchy is")
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
    ]
    for (line, isUnified, root, place) in lines {
      let mount = MemoryGroupMount(text(line))
      #expect(mount?.isUnified == isUnified, "\(line)")
      #expect(mount?.root.string == root, "\(line)")
      #expect(mount?.place.string == place, "\(line)")
    }
  }

  @Test(
    "other lines don't",
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

  @Test("what the top of a mount stands for is cut off a group's path, if it is above it")
  func cuts() throws {
    let cases: [(String, String, Int?)] = [
      ("/", "/", 0), ("/", "/docker/ab", 0),
      ("/docker/ab", "/docker/ab", 10), ("/docker/ab", "/docker/ab/c", 10),
      ("/docker/ab", "/docker/abc", nil), ("/docker/ab", "/docker", nil),
      ("/docker/ab", "/", nil), ("/docker", "/podman", nil), ("/../x", "/", nil),
    ]
    for (root, group, length) in cases {
      let mount = try #require(
        MemoryGroupMount(text("35 31 0:32 \(root) /m rw - cgroup x rw,memory")))
      #expect(mount.lengthOfRoot(above: text(group)) == length, "\(root) above \(group)")
    }
  }
}
