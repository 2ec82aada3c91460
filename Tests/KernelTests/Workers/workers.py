"""workers.py COUNT MILLISECONDS: as workers.c."""

import os
import sys
import time


def set_score(score):
    """What the kernel would rather kill than others; see proc_pid_oom_score_adj(5)."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write(str(score))


def work(milliseconds):
    set_score(0)
    time.sleep(milliseconds / 1000)
    memory = []
    while True:
        memory.append(b"x" * (1 << 20))


def stand_by(reader, writer):
    child = os.fork()
    if child == 0:
        set_score(0)
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    return child


count, milliseconds = int(sys.argv[1]), int(sys.argv[2])
for _ in range(count):
    reader, writer = os.pipe()
    bystanders = [stand_by(reader, writer) for _ in range(2)]
    worker = os.fork()
    if worker == 0:
        work(milliseconds)
    os.close(reader)
    os.close(writer)
    _, status = os.waitpid(worker, 0)
    kind = "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9 else "unexpected"
    print(kind, worker, flush=True)
    for bystander in bystanders:
        os.waitpid(bystander, 0)
print("done", flush=True)
