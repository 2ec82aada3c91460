/// A script that runs swinit on any machine, and the expected output.
struct Scenario {
  let name: String
  let script: String
  /// The expected text on standard output and standard error.
  let output: String
  /// Whether the scenario needs a kernel of its own.
  var isForKernel = false

  static let all = [
    Scenario(
      name: "the exit status is the command's",
      script: "for n in 0 1 7 125 126 127 128 254 255; do /swinit sh -c \"exit $n\"; echo $?; done",
      output: "0\n1\n7\n125\n126\n127\n128\n254\n255\n"),
    Scenario(
      name: "the exit status is 128+N when signal N killed the command",
      script:
        "for n in 1 2 6 11 15 31 32 33 34 64; do /swinit sh -c \"kill -$n \\$\\$\"; echo $?; done",
      output: "129\n130\n134\n139\n143\n159\n160\n161\n162\n192\n"),
    Scenario(
      name: "a command that cannot be executed gives 127 or 126 and a reason",
      script: """
        cd /tmp; echo text >plain; printf '#!/missing\\n' >script; chmod +x script
        printf '\\177ELF\\2\\1\\1%64s' '' | tr ' ' '\\0' >foreign; chmod +x foreign
        for command in missing ./plain ./script ./foreign; do
          PATH=/bin /swinit $command; echo $?
        done 2>&1 | sed 's/machine is .*/machine is M/'
        """,
      output: """
        swinit: command not found: 'missing' (searched PATH=/bin)
        127
        swinit: cannot run './plain': it is not marked executable (chmod +x)
        126
        swinit: cannot run './script': its interpreter '/missing' does not exist
        127
        swinit: cannot run './foreign': built for an unknown architecture, this machine is M
        126

        """),
    Scenario(
      name: "a script without #! runs through /bin/sh",
      script: "cd /tmp; echo 'exit 6' >script; chmod +x script; /swinit ./script; echo $?",
      output: "6\n"),
    Scenario(
      name: "signals are forwarded to the whole process group",
      script: """
        for n in 1 10 12 14 15 28 34 50 64; do
          /swinit sh -c "
            exec 2>/dev/null
            trap 'wait; exit $n' $n
            (trap 'echo $n; exit' $n; kill -$n \\$PPID; while :; do sleep 0.01; done) &
            while :; do sleep 0.01; done"
          echo $?
        done
        """,
      output: [1, 10, 12, 14, 15, 28, 34, 50, 64].map { "\($0)\n\($0)\n" }.joined()),
    Scenario(
      name: "one signal is rewritten and another is dropped",
      script: """
        /swinit -r TERM:RTMIN+3,HUP:0 sh -c \
          'exec 2>/dev/null; trap "exit 3" 37; kill -HUP $PPID; kill -TERM $PPID; while :; do sleep 0.01; done'
        echo $?
        """,
      output: "3\n"),
    Scenario(
      name: "the command inherits the signal mask and the ignored signals",
      script: "trap '' USR1; exec /swinit grep -E '^Sig(Blk|Ign)' /proc/self/status",
      output: "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000200\n"),
    Scenario(
      name: "PID 1 reaps an orphan",
      script: """
        orphan=$(sh -c 'sleep 0.1 >/dev/null 2>&1 & echo $!')
        grep PPid /proc/$orphan/status
        while test -e /proc/$orphan; do sleep 0.01; done
        """,
      output: "PPid:\t1\n"),
    Scenario(
      name: "a subreaper reaps an orphan",
      script: """
        /swinit -v sh -c '
          orphan=$(sh -c "sleep 0.1 >/dev/null 2>&1 & echo \\$!")
          [ $(grep PPid /proc/$orphan/status | cut -f2) = $PPID ] && echo adopted
          while test -e /proc/$orphan; do sleep 0.01; done' 2>&1 | grep -oE 'adopted|reaped: .'
        """,
      output: "adopted\nreaped: 1\n"),
    Scenario(
      name: "a descendant in another session is killed when the grace period expires",
      script: """
        mkfifo /tmp/left
        /swinit -k 2s --termination-log=/tmp/log sh -c '
          setsid sh -c "trap \\"\\" TERM; echo \\$\\$ >/tmp/left; exec sleep 1000" &
          read left </tmp/left; echo $left >/tmp/left.pid; exit 5' 2>/tmp/messages
        echo $?
        test -e /proc/$(cat /tmp/left.pid) || echo gone
        sed -E 's/process [0-9]+/process N/; s/after [0-9].*period/.../; s/[(][0-9]+[)]/(N)/' \
          /tmp/messages /tmp/log
        """,
      output: """
        5
        gone
        swinit: grace period (2s) expired: killed 1 process: sleep (N)
        'sh' (process N) exited with status 5 ...: 1 process: sleep (N)

        """),
    Scenario(
      name: "JSON messages have the time",
      script: """
        year=$(date -u +%Y)
        /swinit --log-format json -v true 2>&1 | grep -oE '"time":"[0-9]{4}-|"peak_rss_bytes":[1-9]' |
          sed "s/$year/year/; s/[0-9]$/N/"
        """,
      output: String(repeating: "\"time\":\"year-\n", count: 3) + "\"peak_rss_bytes\":N\n"),
    Scenario(
      name: "LISTEN_PID names the command",
      script: """
        sh -c 'LISTEN_PID=$$ exec /swinit sh -c "test \\$LISTEN_PID = \\$\\$ && echo own"'
        """,
      output: "own\n"),
    Scenario(
      name: "unreaped zombies are reported",
      script: """
        /swinit --zombie-check 100ms sh -c 'sleep 0.01 & exec sleep 1000' 2>/tmp/zombies &
        until grep -qs zombie /tmp/zombies; do sleep 0.01; done
        kill $!; wait $!; echo $?
        sed 's/process [0-9]*/process N/' /tmp/zombies
        """,
      output: """
        143
        swinit: process N (sleep) has 1 zombie child and is not reaping it; \
        it must wait() for it

        """),
    Scenario(
      name: "an out-of-memory kill is reported with a limit of more than 32 bits",
      script: """
        mkdir -p /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup; cd /sys/fs/cgroup
        echo +memory >cgroup.subtree_control; mkdir group; echo $((32 << 20)) >group/memory.max
        # No emulated machine has so much memory that a limit of more than 32 bits could be reached.
        echo $((5 << 30)) >/tmp/limit; mount --bind /tmp/limit group/memory.max
        sh -c 'echo $$ >group/cgroup.procs; exec /swinit tail /dev/zero' 2>&1 |
          sed -E 's/process [0-9]+/process N/; s/peak [0-9.]+/peak N/'
        """,
      output: """
        swinit: out of memory: the kernel killed process N (tail); limit 5120 MiB, \
        peak N MiB

        """,
      isForKernel: true),
    Scenario(
      name: "PID 1 takes at most 100 kB of memory",
      script: "test $(grep VmRSS /proc/1/status | tr -dc 0-9) -le 100 && echo little",
      output: "little\n"),
  ]
}
