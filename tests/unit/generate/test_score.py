#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The scoring counts what it should: perfect facts score 1, each kind of mistake shows in its own figure. TAP."""
import copy
import importlib.machinery
import importlib.util
import os
import sys

SCORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "truth", "score")


def load_score():
    """The scoring as a module (its file has no suffix)."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("score", SCORE)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("score", loader))
    loader.exec_module(module)
    return module


def host(address, at, parent):
    """One infected host of a truth."""
    return {"host": address, "infected_at": at, "parent": parent, "proto": "tcp", "port": 445, "visible": True,
            "strategy": {"connected": "sequential", "elsewhere": "random"}}


TRUTH = {"patient_zero": "10.0.0.1", "attacked_in_vain": [{"source": "10.0.0.1", "target": "10.0.0.9", "attempts": 3}],
         "hosts": [host("10.0.0.1", 1.0, None), host("10.0.0.2", 5.0, "10.0.0.1"), host("10.0.0.3", 9.0, "10.0.0.2")]}


def perfect():
    """Facts that say just what the truth says."""
    strategies = [{"scope": "connected", "name": "sequential", "probes": 100},
                  {"scope": "elsewhere", "name": "random", "probes": 100}]
    return {"scanners": [{"host": h["host"], "port": 445, "verdict": "scanner", "strategies": copy.deepcopy(strategies)}
                         for h in TRUTH["hosts"]],
            "outbreaks": [{"patient_zero": {"host": "10.0.0.1"},
                           "infections": [{"host": h["host"], "t": h["infected_at"], "parent": h["parent"]}
                                          for h in TRUTH["hosts"]]}]}


def wrong_parent(facts):
    """10.0.0.3 is said to come from 10.0.0.1."""
    facts["outbreaks"][0]["infections"][2]["parent"] = "10.0.0.1"


def missing_edge(facts):
    """10.0.0.3 is said to come from outside."""
    facts["outbreaks"][0]["infections"][2]["parent"] = None


def invented(facts):
    """A host that was attacked in vain is called infected."""
    facts["outbreaks"][0]["infections"].append({"host": "10.0.0.9", "t": 11.0, "parent": "10.0.0.1"})


def late(facts):
    """All infections are two seconds late."""
    for infection in facts["outbreaks"][0]["infections"]:
        infection["t"] += 2


def wrong_zero(facts):
    """Another patient zero."""
    facts["outbreaks"][0]["patient_zero"]["host"] = "10.0.0.2"


def wrong_strategy(facts):
    """One strategy is wrong; another is not judged for want of probes."""
    facts["scanners"][0]["strategies"][0]["name"] = "random"
    facts["scanners"][1]["strategies"][0]["probes"] = 10


def false_alarm(facts):
    """A harmless host is called a scanner."""
    facts["scanners"].append({"host": "10.0.0.77", "port": 80, "verdict": "scanner"})


CASES = [
    (lambda facts: None, {"edge_precision": 1.0, "edge_recall": 1.0, "patient_zero": True, "strategies_right": 6,
                          "strategies_judged": 6, "sources_found": 3, "time_error_p95": 0.0, "false_alarms": []}),
    (wrong_parent, {"edge_precision": 0.5, "edge_recall": 0.5}),
    (missing_edge, {"edge_precision": 1.0, "edge_recall": 0.5}),
    (invented, {"edge_precision": 2 / 3, "edge_recall": 1.0, "hosts_wrong": 1, "vain_called_infected": ["10.0.0.9"]}),
    (late, {"time_error_median": 2.0, "edge_recall": 1.0}),
    (wrong_zero, {"patient_zero": False}),
    (wrong_strategy, {"strategies_judged": 5, "strategies_right": 4}),
    (false_alarm, {"false_alarms": ["10.0.0.77"], "sources_found": 3}),
    (lambda facts: facts.clear(), {"edge_recall": 0.0, "patient_zero": False, "sources_found": 0}),
]


def invisible_victims_do_not_count(scoring):
    """An edge whose victim is not in the capture is not asked for."""
    truth = copy.deepcopy(TRUTH)
    truth["hosts"][2]["visible"] = False
    return scoring.score(perfect(), truth)["edges_true"] == 1


def main():
    """Runs all; the exit status says whether all passed."""
    scoring, failed = load_score(), 0
    print(f"1..{len(CASES) + 1}")
    for number, (spoil, wanted) in enumerate(CASES, 1):
        facts = perfect()
        spoil(facts)
        result = scoring.score(facts, TRUTH)
        wrong = {key: result[key] for key, value in wanted.items() if result[key] != value}
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {spoil.__name__.strip('<>')} {wrong or ''}".rstrip())
    passed = invisible_victims_do_not_count(scoring)
    print(f"{'ok' if passed else 'not ok'} {len(CASES) + 1} - invisible_victims_do_not_count")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
