# SPDX-License-Identifier: Apache-2.0
"""A running `ekigaku watch` and what a test waits for: what it tells, never the clock."""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from support import PROGRAM, place

LONGEST_S = 120
# The sanitizers look for leaks by calls that a watch gives up.
SANITIZED = "asan" in PROGRAM
UNBOXED = ("--no-sandbox",) if SANITIZED else ()


def written(path):
    """What changes when a file is put in the place of another."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def rights(pid):
    """What the kernel tells of each thread of a process."""
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="utf-8") as file:
            found.append({key: value.strip() for key, _, value in (line.partition(":") for line in file)})
    return found


def has_nothing(threads):
    """No capability, and none to be had again."""
    return all(int(thread[kind], 16) == 0 for thread in threads for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))


def load(path):
    """The facts of a file."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def grow(path, data, seconds, pieces=200):
    """Writes `data` to a file in uneven pieces over so many seconds."""
    draw = random.Random(7)
    cuts = sorted(draw.sample(range(1, len(data)), pieces - 1)) + [len(data)]
    with open(path, "wb", buffering=0) as file:
        at = 0
        for cut in cuts:
            file.write(data[at:cut])
            at = cut
            time.sleep(seconds / pieces)


class Watch:
    """A running `ekigaku watch`; its lines are collected as they come."""

    def __init__(self, *arguments, prefix=()):
        self.lines, self.errors = [], place(f"watch-{time.monotonic_ns()}.err")
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen([*prefix, PROGRAM, "watch", "--json", "--status", "1", *UNBOXED, *arguments],
                                            stdout=subprocess.PIPE, stderr=errors, text=True)
        self.reader = threading.Thread(target=self.collect)
        self.reader.start()

    def collect(self):
        """Every line that is one."""
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.lines.append(json.loads(line))

    def kinds(self):
        """The types of the lines so far."""
        return [line["type"] for line in self.lines]

    def wait_for(self, wanted):
        """Until `wanted(lines)` holds, or too long."""
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end and self.process.poll() is None:
            if wanted(self.lines):
                return True
            time.sleep(0.05)
        return wanted(self.lines)

    def wait_for_count(self, **least):
        """Until a line of counts tells at least so much of each."""
        return self.wait_for(lambda lines: any(l["type"] == "status" and all(l[k] >= v for k, v in least.items()) for l in lines))

    def last(self, key):
        """What the last line of counts tells."""
        return [line[key] for line in self.lines if line["type"] == "status"][-1]

    def wait_until_open(self):
        """Until it runs: its first line of counts comes when the input is open and the rights are given up."""
        return self.wait_for_count(records=0)

    def wait_for_rewrite(self, path):
        """Until a file was written anew, or there is none before."""
        before = written(path)
        return self.wait_for(lambda _: written(path) != before)

    def end(self, how=signal.SIGINT):
        """Stops it; the status and what it complained of."""
        self.process.send_signal(how)
        try:
            status = self.process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.reader.join()
        with open(self.errors, encoding="utf-8") as errors:
            return status, errors.read()
