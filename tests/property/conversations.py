# SPDX-License-Identifier: Apache-2.0
"""What Zeek and Suricata write about a capture, made from its packets by an own small tracker: neither is in Debian 12.

Only what conn.log and EVE's flow records say of TCP and UDP over IPv4 in an Ethernet capture with times in microseconds or nanoseconds.
"""
import datetime
import json
import struct
import sys

sys.dont_write_bytecode = True
from support import read_pcap

FIN, SYN, RST, ACK = 1, 2, 4, 16
IDLE_S = 60


class Conversation:
    """The packets of one pair of ports until it is idle or begun anew."""

    def __init__(self, ends, proto, time):
        self.ends, self.proto, self.first, self.last = ends, proto, time, time
        self.packets, self.payload, self.octets, self.flags = [0, 0], [0, 0], [0, 0], [0, 0]
        self.history = ""

    def add(self, side, time, flags, payload, whole):
        """One packet of side 0 (who began) or 1."""
        self.last = time
        self.packets[side] += 1
        self.payload[side] += payload
        self.octets[side] += whole
        self.flags[side] |= flags
        letters = ("S" if flags & SYN and not flags & ACK else "H" if flags & SYN else "") + ("D" if payload else "") + \
            ("A" if flags & ACK and not flags & (SYN | RST) else "") + ("F" if flags & FIN else "") + ("R" if flags & RST else "")
        for letter in letters if self.proto == "tcp" else "D" if payload else "":
            letter = letter if side == 0 else letter.lower()
            if letter not in self.history:
                self.history += letter


def packets_of(path):
    """(seconds, protocol, source, target, TCP flags, payload bytes, bytes on the wire) of each packet."""
    _, packets, head = read_pcap(path)
    nano = struct.unpack_from("<I", head)[0] == 0xA1B23C4D
    for seconds, fraction, whole, data in packets:
        if data[12:14] != b"\x08\x00" or data[23] not in (6, 17):
            continue
        ip = 14 + (data[14] & 15) * 4
        ends = [(".".join(map(str, data[at:at + 4])), struct.unpack_from(">H", data, port)[0])
                for at, port in ((26, ip), (30, ip + 2))]
        tcp = data[23] == 6
        length = struct.unpack_from(">H", data, 16)[0] - (ip - 14) - ((data[ip + 12] >> 4) * 4 if tcp else 8)
        yield (seconds + fraction * (1e-9 if nano else 1e-6), "tcp" if tcp else "udp", *ends, data[ip + 13] if tcp else 0, length, whole)


def conversations(path):
    """All of a capture, in the order in which they end, as logs are written."""
    held, done = {}, []
    for time, proto, source, target, flags, payload, whole in packets_of(path):
        key = (proto, *sorted((source, target)))
        one = held.get(key)
        fresh = flags & SYN and not flags & ACK and one and (one.flags[0] | one.flags[1]) & (FIN | RST)
        if one is None or time - one.last > IDLE_S or fresh:
            done += [one] if one else []
            one = held[key] = Conversation((source, target), proto, time)
        one.add(0 if source == one.ends[0] else 1, time, flags, payload, whole)
    return sorted(done + list(held.values()), key=lambda c: c.last)


def state_of(c):
    """Zeek's conn_state."""
    if c.proto == "udp":
        return "SF" if c.packets[0] and c.packets[1] else "S0"
    if not c.flags[1]:
        return "S0"
    if c.flags[1] & RST and not c.flags[1] & SYN:
        return "REJ"
    if c.flags[0] & RST:
        return "RSTO"
    if c.flags[1] & RST:
        return "RSTR"
    return "SF" if c.flags[0] & FIN and c.flags[1] & FIN else "S1"


def zeek(path):
    """conn.log with tabs."""
    names = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state",
             "missed_bytes", "history", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"]
    lines = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tconn", "\t".join(["#fields", *names])]
    for i, c in enumerate(conversations(path)):
        (client, client_port), (server, port) = c.ends
        both = c.packets[1] > 0
        lines.append("\t".join(map(str, [f"{c.first:.6f}", f"C{i}", client, client_port, server, port, c.proto, "-",
                                         f"{c.last - c.first:.6f}" if both else "-", *(c.payload if both else "--"), state_of(c), 0,
                                         c.history or "-", c.packets[0], c.octets[0] - 14 * c.packets[0], c.packets[1],
                                         c.octets[1] - 14 * c.packets[1]])))
    return "\n".join(lines) + "\n"


def stamp(seconds):
    """As EVE writes times."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")


def eve(path):
    """Flow records of eve.json."""
    lines = []
    for i, c in enumerate(conversations(path)):
        (client, client_port), (server, port) = c.ends
        record = {"timestamp": stamp(c.last + IDLE_S), "flow_id": i + 1, "event_type": "flow", "src_ip": client, "src_port": client_port, "dest_ip": server,
                  "dest_port": port, "proto": c.proto.upper(),
                  "flow": {"pkts_toserver": c.packets[0], "pkts_toclient": c.packets[1], "bytes_toserver": c.octets[0], "bytes_toclient": c.octets[1],
                           "start": stamp(c.first), "end": stamp(c.last), "age": int(c.last - c.first),
                           "state": "new" if not c.packets[1] else "closed" if (c.flags[0] | c.flags[1]) & (FIN | RST) else "established",
                           "reason": "timeout", "alerted": False}}
        if c.proto == "tcp":
            record["tcp"] = {"tcp_flags": f"{c.flags[0] | c.flags[1]:02x}", "tcp_flags_ts": f"{c.flags[0]:02x}", "tcp_flags_tc": f"{c.flags[1]:02x}"}
        lines.append(json.dumps(record))
    return "\n".join(lines) + "\n"
