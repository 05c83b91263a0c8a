# SPDX-License-Identifier: Apache-2.0
"""Sends the frames of a capture on an interface of a test's own name space, spread evenly over so many seconds.

usage: replay.py INTERFACE CAPTURE SECONDS
"""
import socket
import sys
import time

sys.dont_write_bytecode = True
from support import read_pcap


def main():
    """All frames, in their order."""
    interface, capture, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    packets = read_pcap(capture)[1]
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((interface, 0))
    start = time.monotonic()
    for i, packet in enumerate(packets):
        late = time.monotonic() - start - i * seconds / len(packets)
        if late < -0.002:
            time.sleep(-late)
        wire.send(packet[3])


if __name__ == "__main__":
    main()
