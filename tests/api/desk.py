# SPDX-License-Identifier: Apache-2.0
"""Rows that the tests of notices need in the store of a running service, written beside it."""
import json
import os
import sqlite3

SMALL_DIRECTORY = [
    {"kind": "team", "id": "kawa", "name": "Kawa Bank", "name_ja": "川銀行", "time_zone": "Asia/Tokyo", "languages": ["ja"]},
    {"kind": "contact", "id": "kawa-poc", "team": "kawa", "role": "poc", "medium": "email", "address": "poc@kawa.example"},
    {"kind": "network", "prefix": "192.0.2.0/24", "team": "kawa"},
]
NOW = 1795800000000000


class Desk:
    """The store of a service, or the file of one."""

    def __init__(self, service):
        self.path = service if isinstance(service, str) else os.path.join(service.data, "ekigaku.db")

    def run(self, sql, *values):
        """One statement; the id of what it inserted, or the rows it found."""
        link = sqlite3.connect(self.path, timeout=60)
        with link:
            cursor = link.execute(sql, values)
            found = cursor.fetchall() or cursor.lastrowid
        link.close()
        return found

    def case(self, title, hosts, tlp="AMBER"):
        """A case with affected hosts; its id."""
        case = self.run('INSERT INTO "case" (title, state, class, handling_class, known, route, tlp, summary, profiles, created, aware, closed) '
                        "VALUES (?, 'open', 'I', 3, 'known', 'airborne', ?, '', '', ?, ?, 0)", title, tlp, NOW, NOW)
        for number, host in enumerate(hosts):
            self.run("INSERT INTO case_host (of_case, host, at, parent, evidence, team, department, state, changed) "
                     "VALUES (?, ?, ?, '', 'exploit', '', '', 'affected', 0)", case, host, NOW + number * 1000000)
        return case

    def outbreak(self, case, infections):
        """An outbreak on tcp/445 behind a case: (host, parent, first packet, last packet) each."""
        job = self.run("INSERT INTO analysis (title, origin, ended, packets, flows, contacts, hosts, verdict, facts_path, created, deleted) "
                       "VALUES ('', 0, 0, 0, 0, 0, 0, 'spreading', '', 0, 0)")
        outbreak = self.run("INSERT INTO outbreak (analysis, number, proto, port, family, route, class, known, patient_zero, infected, started, ended, "
                            "doubling_s, r, title) VALUES (?, 1, 'tcp', 445, 'wannacry', 'airborne', 'I', 'known', '', ?, 0, 0, 0, 0, '')", job, len(infections))
        for number, (host, parent, first, last) in enumerate(infections):
            self.run("INSERT INTO infection (outbreak, number, host, t, at, error_s, parent, parent_number, posterior, evidence, generation, first_packet, "
                     "last_packet, scan_t, input) VALUES (?, ?, ?, ?, ?, 0, ?, -1, 0.9, 'exploit', 0, ?, ?, -1, 0)",
                     outbreak, number, host, number, NOW + number * 1000000, parent, first, last)
            self.run("UPDATE case_host SET parent = ? WHERE of_case = ? AND host = ?", parent, case, host)
        self.run('UPDATE "case" SET outbreak = ? WHERE id = ?', outbreak, case)

    def account(self, name):
        """An account; its id."""
        return self.run("INSERT INTO account (name, display, password_hash, role, language, disabled, created, failed, locked_until) "
                        "VALUES (?, ?, '', 'coordinator', 'en', 0, 0, 0, 0)", name, name)

    def directory(self, records):
        """Records of the directory, entered by hand."""
        for number, record in enumerate(records):
            self.run("INSERT INTO directory_record (kind, name, line, source, position, changed) VALUES (?, ?, ?, '', ?, 1)",
                     record["kind"], record.get("id", ""), json.dumps(record, ensure_ascii=False), number + 1)
