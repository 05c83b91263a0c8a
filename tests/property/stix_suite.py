# SPDX-License-Identifier: Apache-2.0
"""The rules of the OASIS incident extension suite (stix_suite.json names their source), and those that a schema cannot hold:
references, sequences, order of times. Nothing here comes from the program that is tested."""
import json
import os

import jsonschema

CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
EVENT = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"
IMPACT = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9"
TASK = "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030"
CONTACT = "extension-definition--66e2492a-bbd3-4be6-88f5-cc91a017a498"
NEW = ("event", "task", "impact")  # objects that the standard itself does not have

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stix_suite.json"), encoding="utf-8") as _file:
    _RULES = json.load(_file)


def _errors(rule, value):
    """What is wrong with one thing by the schema."""
    schema = {"$schema": _RULES["$schema"], "$defs": _RULES["$defs"], "$ref": f"#/$defs/{rule}"}
    return [f"{rule} {list(error.absolute_path)}: {error.message[:160]}" for error in jsonschema.Draft202012Validator(schema).iter_errors(value)][:5]


def _sequence(entries, key):
    """A step leads to an entry of the same list, none stands twice, and every entry is reached from a start."""
    found, ids = [], [entry[key] for entry in entries]
    if len(set(ids)) != len(ids):
        found.append(f"an {key} stands twice")
    steps = {entry[key]: [step[key] for step in entry.get("next_steps", [])] for entry in entries}
    found += [f"a step to {step}, which is no entry" for after in steps.values() for step in after if step not in steps]
    waiting = [entry[key] for entry in entries if entry.get("sequence_start", True)]
    reached = set(waiting)
    while waiting:
        for step in steps.get(waiting.pop(), []):
            if step not in reached:
                reached.add(step)
                waiting.append(step)
    return found + [f"{one} is in a sequence without a start" for one in ids if one not in reached]


def _ordered(one):
    """"The end must be later than the start"."""
    return [f"{one['id']}: ends before it begins"] if {"start_time", "end_time"} <= set(one) and one["end_time"] <= one["start_time"] else []


def _incident(core, ids):
    """The extension of an incident."""
    found = _errors("core", core)
    if found:
        return found
    for list_name, key in (("events", "event_ref"), ("tasks", "task_ref")):
        found += _sequence(core.get(list_name, []), key)
        found += [f"{entry[key]} is not in the bundle" for entry in core.get(list_name, []) if entry[key] not in ids]
    return found + [f"{one} is not in the bundle" for one in core.get("impact_refs", []) if one not in ids]


def _impact(one, by_id):
    """The category has its extension; another impact that supersedes it is of the same."""
    found = []
    if one.get("impact_category") not in one.get("extensions", {}):
        found.append(f"{one.get('id')}: no extension of its category")
    later = by_id.get(one.get("superseded_by_ref"))
    if later and later.get("impact_category") != one.get("impact_category"):
        found.append(f"{one['id']}: superseded by another category")
    return found


def errors(bundle):
    """What is wrong with the suite in a bundle."""
    found, by_id = [], {one.get("id"): one for one in bundle["objects"]}
    for one in bundle["objects"]:
        extensions = one.get("extensions", {})
        if one["type"] in NEW:
            wrong = _errors(one["type"], one)
            found += wrong or _ordered(one)
            if one["type"] == "impact":
                found += _impact(one, by_id)
            found += [f"{one.get('id')}: {ref} is not in the bundle" for ref in one.get("impacted_refs", []) if ref not in by_id]
            for change in one.get("changed_objects", []):
                found += [f"{one.get('id')}: {change[key]} is not in the bundle" for key in ("initial_ref", "result_ref")
                          if isinstance(change, dict) and key in change and change[key] not in by_id]
        if one["type"] == "incident" and CORE in extensions:
            found += _incident(extensions[CORE], by_id)
        if one["type"] == "identity" and CONTACT in extensions:
            wrong = _errors("contact", extensions[CONTACT])
            found += wrong or [f"{way['email_address_ref']} is not in the bundle" for way in extensions[CONTACT].get("email_addresses", [])
                               if way["email_address_ref"] not in by_id]
    return found


def first(bundle, kind, extension=None):
    """The first object of a type, or its extension."""
    one = next(one for one in bundle["objects"] if one["type"] == kind and (not extension or extension in one.get("extensions", {})))
    return one["extensions"][extension] if extension else one


def _impact_of(bundle, category):
    return next(one for one in bundle["objects"] if one.get("impact_category") == category)


def _entry_with_steps(bundle):
    return next(entry for entry in first(bundle, "incident", CORE)["events"] if "next_steps" in entry)


SPOILT = {  # by extension: what must be refused, and what breaks a copy of a good bundle that way
    "incident core": [
        ("no determination", lambda b: first(b, "incident", CORE).pop("determination")),
        ("a status that is none", lambda b: first(b, "incident", CORE).update(investigation_status="spreading")),
        ("an event that is not there", lambda b: first(b, "incident", CORE)["events"][0].update(event_ref="event--" + "0" * 8)),
        ("an impact that is not in the bundle", lambda b: first(b, "incident", CORE)["impact_refs"].append("impact--00000000-0000-4000-8000-000000000000")),
        ("a step to what is no entry", lambda b: _entry_with_steps(b)["next_steps"][0].update(event_ref="event--00000000-0000-4000-8000-000000000000")),
        ("a step without a condition", lambda b: _entry_with_steps(b)["next_steps"][0].pop("condition_type")),
        ("sequences without a start", lambda b: [entry.update(sequence_start=False) for entry in first(b, "incident", CORE)["events"]]),
        ("the same event twice", lambda b: first(b, "incident", CORE)["events"].append(dict(first(b, "incident", CORE)["events"][0]))),
        ("half a system", lambda b: first(b, "incident", CORE).update(impacted_entity_counts={"system": 0.5})),
        ("a member of version 1", lambda b: first(b, "incident", CORE).update(attacker_activities=[]))],
    "event": [
        ("no status", lambda b: first(b, "event").pop("status")),
        ("a status that is none", lambda b: first(b, "event").update(status="over")),
        ("no extension", lambda b: first(b, "event").pop("extensions")),
        ("an extension of another type", lambda b: first(b, "event", EVENT).update(extension_type="property-extension")),
        ("an empty name", lambda b: first(b, "event").update(name="")),
        ("an end before its start", lambda b: first(b, "event").update(start_time="2020-01-02T00:00:00Z", end_time="2020-01-01T00:00:00Z")),
        ("a change of nothing", lambda b: first(b, "event").update(changed_objects=[{"state_change_type": "caused"}])),
        ("a change of what is not there", lambda b: first(b, "event").update(changed_objects=[{"state_change_type": "caused", "result_ref": "impact--00000000-0000-4000-8000-000000000000"}])),
        ("a member that it has not", lambda b: first(b, "event").update(severity="high"))],
    "task": [
        ("no outcome", lambda b: first(b, "task").pop("outcome")),
        ("an outcome that is none", lambda b: first(b, "task").update(outcome="done")),
        ("another extension", lambda b: first(b, "task").update(extensions={EVENT: {"extension_type": "new-sdo"}})),
        ("a priority of 101", lambda b: first(b, "task").update(priority=101)),
        ("no types", lambda b: first(b, "task").update(task_types=[])),
        ("an id of another type", lambda b: first(b, "task").update(id="event--00000000-0000-4000-8000-000000000000")),
        ("a time without a zone", lambda b: first(b, "task").update(start_time="2020-01-01T00:00:00"))],
    "impact": [
        ("no category", lambda b: first(b, "impact").pop("impact_category")),
        ("a category without its extension", lambda b: first(b, "impact").update(impact_category="availability")),
        ("an alteration that is none", lambda b: _impact_of(b, "integrity")["extensions"]["integrity"].update(alteration="worm")),
        ("an alteration of nothing", lambda b: _impact_of(b, "integrity")["extensions"]["integrity"].pop("information_type")),
        ("an availability of 101", lambda b: _impact_of(b, "availability")["extensions"]["availability"].update(availability_impact=101)),
        ("a sum without a currency", lambda b: _impact_of(b, "monetary")["extensions"]["monetary"].pop("currency")),
        ("a sum without an upper end", lambda b: _impact_of(b, "monetary")["extensions"]["monetary"].pop("max_amount")),
        ("superseded without an end", lambda b: first(b, "impact").update(superseded_by_ref=first(b, "impact")["id"])),
        ("on nothing", lambda b: first(b, "impact").update(impacted_refs=[])),
        ("on what is not there", lambda b: first(b, "impact")["impacted_refs"].append("infrastructure--00000000-0000-4000-8000-000000000000"))],
    "identity contact": [
        ("an extension of another type", lambda b: first(b, "identity", CONTACT).update(extension_type="new-sdo")),
        ("an address that is no reference", lambda b: first(b, "identity", CONTACT)["email_addresses"][0].update(email_address_ref="desk@example.org")),
        ("an address that is not in the bundle", lambda b: first(b, "identity", CONTACT)["email_addresses"][0].update(
            email_address_ref="email-addr--00000000-0000-5000-8000-000000000000")),
        ("an address without its type", lambda b: first(b, "identity", CONTACT)["email_addresses"][0].pop("digital_contact_type")),
        ("a number without its type", lambda b: first(b, "identity", CONTACT).update(contact_numbers=[{"contact_number": "1"}])),
        ("a member that it has not", lambda b: first(b, "identity", CONTACT).update(shoe_size="44"))],
}

# Bundles of others, in the forms of the examples of the suite (made up here): what comes of them is said beside them.
_HEAD = {"spec_version": "2.1", "created": "2023-05-02T20:00:00.000Z", "modified": "2023-05-02T20:00:00.000Z"}


def _one(kind, number, **members):
    return {"type": kind, "id": f"{kind}--{number:08d}-0000-4000-8000-000000000000", **_HEAD, **members}


def _new(kind, number, extension, *more, **members):
    return _one(kind, number, extensions={extension: {"extension_type": "new-sdo"}, **dict(more)}, **members)


def foreign():
    """An incident of others with every kind of object; no name is ours."""
    return {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": [
        _one("incident", 1, name="Files locked in the archive", extensions={CORE: {
            "extension_type": "property-extension", "determination": "confirmed", "investigation_status": "closed", "criticality": 70,
            "events": [{"event_ref": "event--00000002-0000-4000-8000-000000000000", "next_steps": [
                {"event_ref": "event--00000003-0000-4000-8000-000000000000", "condition_type": "required", "transition_type": "success"}]},
                {"event_ref": "event--00000003-0000-4000-8000-000000000000", "sequence_start": False}],
            "tasks": [{"task_ref": "task--00000004-0000-4000-8000-000000000000"}],
            "impact_refs": ["impact--00000005-0000-4000-8000-000000000000", "impact--00000006-0000-4000-8000-000000000000"]}}),
        _new("event", 2, EVENT, status="occurred", event_types=["compromised-system", "ransomware"], name="The archive was taken over", goal="money",
             start_time="2023-05-02T15:13:11Z", end_time="2023-05-02T17:13:15Z"),
        _new("event", 3, EVENT, status="occurred", description="Talks about a sum"),
        _new("task", 4, TASK, outcome="successful", name="Talk to them", task_types=["negotiation"], start_time="2023-05-02T17:13:15Z",
             end_time="2023-05-02T17:54:01Z", priority=30),
        _new("impact", 5, IMPACT, ("monetary", {"variety": "ransom-demand", "currency": "usd", "min_amount": 0, "max_amount": 14413.05}),
             impact_category="monetary", description="What they want"),
        _new("impact", 6, IMPACT, ("availability", {"availability_impact": 70}), impact_category="availability",
             impacted_entity_counts={"computers-server": 2, "computers-personal": 3}, impacted_refs=["infrastructure--00000007-0000-4000-8000-000000000000"]),
        _one("infrastructure", 7, name="192.0.2.55"),
        _one("relationship", 8, relationship_type="impacts", source_ref="event--00000002-0000-4000-8000-000000000000",
             target_ref="infrastructure--00000007-0000-4000-8000-000000000000"),
        _one("identity", 9, name="Archive desk", identity_class="organization", contact_information="write to us", extensions={CONTACT: {
            "extension_type": "property-extension", "contact_numbers": [
                {"contact_number": "+81 3 0000 0001", "contact_number_type": "work-fax"}, {"contact_number": "+81 3 0000 0002", "contact_number_type": "work-phone"}],
            "email_addresses": [{"email_address_ref": "email-addr--00000010-0000-5000-8000-000000000000", "digital_contact_type": "work"}]}}),
        {"type": "email-addr", "spec_version": "2.1", "id": "email-addr--00000010-0000-5000-8000-000000000000", "value": "archive@example.org"}]}


def foreign_first():
    """The same suite as its first version had it: activities within the incident."""
    return {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": [
        _one("incident", 1, name="A strange account", extensions={CORE: {
            "extension_type": "property-extension", "determination": "confirmed", "investigation_status": "open",
            "defender_activities": [{"type": "discovery", "description": "Somebody found an account", "time": "2020-10-15T01:01:01.000Z"}],
            "attacker_activities": [{"pattern_ref": "attack-pattern--00000002-0000-4000-8000-000000000000", "description": "It was made from afar",
                                     "end_time": "2020-10-15T00:01:32.700Z"}]}}),
        _one("attack-pattern", 2, name="Remote services")]}
