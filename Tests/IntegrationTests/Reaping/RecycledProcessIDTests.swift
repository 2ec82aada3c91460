import Foundation
import Glibc
import TestSupport
import Testing

/// Once the command is reaped, the kernel may give its process ID, and its group's, to another
/// process.
@Suite(
  "Recycled process IDs", .mostlyWaits,
  .needs([
    .root,
    .feature(
      "/proc/sys/kernel/ns_last_pid",
      isThere: FileManager.default.fileExists(atPath: "/proc/sys/kernel/ns_last_pid")),
  ])
) struct RecycledProcessIDTests {
  /// Neither a forwarded signal nor the SIGKILL at the deadline, with --single-child and
  /// without, with /proc and without.
  @Test(
    "An unrelated process that has the command's old process ID and group ID receives no signal",
    arguments: ["", "-c"], ["", "umount -l /proc"])
  func notSignalled(option: String, hiding: String) throws {
    let directory = try TemporaryDirectory()
    let script = """
      cd \(directory.path)
      "$0" -k 5s \(option) sh -c '
        trap "" TERM
        echo $$ >number
        setsid sh -c "echo >apart; exec sleep 1000" &' &
      swinit=$!
      until [ -e apart ] && number=$(cat number) && [ ! -e /proc/$number ]; do sleep 0.01; done
      kill -STOP $swinit || exit 1
      echo $((number - 1)) >/proc/sys/kernel/ns_last_pid
      setsid "$1" members 1 &
      [ $! = $number ] && echo recycled
      kill -HUP $swinit
      kill -USR1 $swinit
      \(hiding)
      kill -CONT $swinit
      wait $swinit
      echo "exited $?"
      wait
      """
    let run = try Run(Place.processOne.wrapper + ["sh", "-c", script, Swinit.path, probe])
    try run.expect(lines: ["0 ready", "recycled"])
    try run.expect(line: "exited 0")
    let unrelated = try run.wait(for: "the unrelated process") {
      ProcessTable().descendants(of: run.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(unrelated, SIGUSR2))
    try run.expect(line: "0 \(SIGUSR2)")
  }
}
