# SPDX-License-Identifier: Apache-2.0
"""What the property tests share: running the program, making captures, TAP."""
import fcntl
import json
import os
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("EKIGAKU", os.path.join(ROOT, "build/ekigaku"))
GENERATE = os.environ.get("EKI_GENERATE", os.path.join(ROOT, "build/tests/generate/eki-generate"))
CAPTURES = os.environ.get("EKIGAKU_CAPTURES", os.path.join(ROOT, "../shared/captures"))
FOLDER = tempfile.TemporaryDirectory(prefix="ekigaku-property-")
SECONDS = 300


class Tap:
    """Counts and prints; `with`-less: call check() for each statement and end() last."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, good, *why):
        """One statement; `why` is printed when it does not hold."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            for line in why:
                print("\n".join("# " + part for part in str(line).splitlines()[:20]))

    def end(self):
        """The plan, and the status."""
        print(f"1..{self.count}")
        sys.exit(1 if self.failed or not self.count else 0)


def run(*arguments, stdin=None, environment=None):
    """The program run to its end: CompletedProcess with bytes."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, input=stdin, timeout=SECONDS, check=False,
                          env=dict(os.environ, **(environment or {})))


def busy_s(process):
    """Seconds of processor time it has used: what a loaded machine does not stretch."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(wanted, process):
    """Until `wanted()` holds, the process has ended or it takes too long; whether it holds."""
    end = time.monotonic() + SECONDS
    while not wanted() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    return wanted()


def is_drained(pipe):
    """Nothing waits in the pipe: who reads it has taken everything."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0] == 0


def place(name):
    """A path in the folder of this test."""
    return os.path.join(FOLDER.name, name)


def generate(mode, *options, name=None):
    """A generated capture; returns its path."""
    prefix = place(name or mode)
    subprocess.run([GENERATE, mode, "--out", prefix, *options], check=True, capture_output=True, timeout=SECONDS)
    return prefix + ".pcap"


def facts(done):
    """The facts that were printed."""
    return json.loads(done.stdout)


def findings(whole):
    """What an analysis found, without where it was read from."""
    return {key: whole[key] for key in ("origin", "end", "scanners", "outbreaks", "signs")}


def read_pcap(path):
    """(link type, [(seconds, fraction, length on the wire, bytes)]) of a little-endian pcap file."""
    with open(path, "rb") as file:
        data = file.read()
    link = struct.unpack_from("<I", data, 20)[0]
    packets, at = [], 24
    while at < len(data):
        seconds, fraction, kept, whole = struct.unpack_from("<IIII", data, at)
        packets.append((seconds, fraction, whole, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return link, packets, data[:24]


def write_pcap(path, head, packets):
    """The reverse of read_pcap; returns the path."""
    with open(path, "wb") as file:
        file.write(head)
        for seconds, fraction, whole, data in packets:
            file.write(struct.pack("<IIII", seconds, fraction, len(data), whole) + data)
    return path
