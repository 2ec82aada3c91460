import Foundation
import Glibc
import TestSupport
import Testing

/// When COMMAND was reaped, its number may be given to another process, and so may that of its group.
@Suite(
  .needs([
    .root,
    .feature(
      "/proc/sys/kernel/ns_last_pid",
      isThere: FileManager.default.fileExists(atPath: "/proc/sys/kernel/ns_last_pid")),
  ])
) struct RecycledProcessIDTests {
  /// A stranger that was given both while swinit waits for what COMMAND left gets no signal: neither
  /// what comes to swinit, nor the KILL at the deadline; with `--single-child`, and without /proc,
  /// neither.
  @Test(arguments: ["", "-c"], ["", "umount -l /proc"])
  func isNotSignalled(option: String, hiding: String) throws {
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
      echo "left $?"
      wait
      """
    let run = try Run(Place.processOne.wrapper + ["sh", "-c", script, Swinit.path, probe])
    try run.expect(lines: ["0 ready", "recycled"])
    try run.expect(line: "left 0")
    let stranger = try run.wait(for: "the stranger") {
      ProcessTable().descendants(of: run.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(stranger, SIGUSR2))
    try run.expect(line: "0 \(SIGUSR2)")
  }
}
