# SPDX-License-Identifier: Apache-2.0
"""Exports of flows: made by a real exporter from a capture, as files, as captures."""
import os
import shutil
import socket
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from support import place, read_pcap, write_pcap

WAYS = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
RECEIVE_BUFFER = socket.SO_RCVBUF if os.geteuid() else 33  # SO_RCVBUFFORCE: beyond the system's limit


def tool(name):
    """Its path, or None."""
    return shutil.which(name, path=WAYS)


def as_if_now(capture):
    """The capture with its end a minute ago, in whole seconds. Versions 5 and 9 tell times as milliseconds of the exporter's uptime, 32 bits of
    them: of packets that are years older than the exporter they say a moment modulo 49.7 days, which makes sense on some days only."""
    _, packets, head = read_pcap(capture)
    later = int(time.time()) - 60 - max(packet[0] for packet in packets)
    return write_pcap(place("as-if-now.pcap"), head, [(packet[0] + later, *packet[1:]) for packet in packets])


def exported(capture, *options, old=False):
    """The datagrams that softflowd sends for a capture; `old`: with the dates it has."""
    if not old:
        capture = as_if_now(capture)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector:
        collector.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER, 1 << 25)
        collector.bind(("127.0.0.1", 0))
        collector.settimeout(0.2)
        target = f"127.0.0.1:{collector.getsockname()[1]}"
        exporter = subprocess.Popen([tool("softflowd"), "-d", "-r", capture, "-n", target, *options],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        datagrams, ended = [], False
        while not ended:
            ended = exporter.poll() is not None  # what it sent is in the buffer by now
            try:
                while True:
                    datagrams.append(collector.recv(65535))
            except socket.timeout:
                pass
    return datagrams


def write(name, data):
    """A file of these bytes; returns its path."""
    with open(place(name), "wb") as file:
        file.write(data)
    return place(name)


def as_capture(name, datagrams):
    """The datagrams as a pcap, sent from 192.0.2.1 to port 2055 of 192.0.2.2."""
    whole = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    for i, datagram in enumerate(datagrams):
        udp = struct.pack(">HHHH", 40000, 2055, 8 + len(datagram), 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(datagram), 0, 0, 64, 17, 0, b"\xc0\0\2\1", b"\xc0\0\2\2")
        frame = bytes(12) + b"\x08\0" + ip + udp + datagram
        whole.append(struct.pack("<IIII", 1500000000, i % 1000000, len(frame), len(frame)) + frame)
    return write(name, b"".join(whole))
