/// The words of every event.
enum Events {
  /// A line for each event: the first letter of its level (`error`, `warning`, `info`), its name,
  /// and its sentence. In the sentence, what stands in braces is a fact, which a JSON object has
  /// under a name of its own; see `Report.add`. The names stay as they are: people rely on them.
  static var table: Text {
    """
    e cannot_await_children cannot be told how children end: {error}
    w cannot_adopt_orphans cannot adopt orphans, which go to PID 1: {error}
    e cannot_await_parent cannot be told of the parent's death: {error}
    e cannot_log cannot open the termination log {file}: {error}
    w cannot_write_log cannot write to the termination log {file}: {error}
    e cannot_start cannot start a process for {command}: {error}
    e cannot_run cannot run {command}: {interpreter}{error}{path}{hint}
    i started started {command} as process {pid}
    i forwarded forwarded {signal}{sender}{as} to {target}
    i dropped dropped {signal}{sender}
    w cannot_send cannot send {signal} to {target}: {error}
    i ended {command} (process {pid}) {status}
    i group_told sent {signal} to what is left of {target}
    i remainder_told told the processes that {command} left behind to end, and waits for them
    i grace_period_over the grace period is over: killing the processes that are left
    w cannot_find_descendants cannot read /proc to find all processes to end: signalling those known
    i orphan_reaped reaped orphan {pid}{name}: {status}
    i reaped reaped process {pid}: {status}
    w killed process {pid}{name} was killed by SIGKILL, which swinit did not send
    w out_of_memory out of memory: the kernel killed process {pid}{name}{limit}{peak}
    w zombies {zombies} left by process {pid}{name}, which must reap what it spawns: look there \
    for a missing wait
    w messages_dropped dropped {messages}: standard error was full or closed
    e status_lost cannot tell how {command} ended: the kernel kept no status of it
    e cannot_supervise cannot wait for {command}: {error}
    i summary {command} (process {pid}) {status}{oom} after {duration}; peak memory {memory}, \
    processor time {cpu}; orphans reaped: {orphans}; killed after the grace period: {killed}
    """
  }
}
