// SPDX-License-Identifier: Apache-2.0
/* What a change of the audit log says, in words: names of columns, times with their zone, states and kinds as elsewhere on the page. */
import type { CaseChange } from "../api/case";
import { clock } from "../format";
import { mark, t } from "../text";
import { word } from "../words";

const FIELDS: Readonly<Record<string, string>> = {
  account: mark("account"), address: mark("address"), answered: mark("answered"), asker: mark("asker"), assignee: mark("assignee"), at: mark("time"), attempts: mark("attempts"), aware: mark("known since"), case_host: mark("affected host"),
  changed: mark("changed"), class: mark("countermeasure class"), closed: mark("closed"), comment: mark("meaning"), contact: mark("contact person"), created: mark("made"), department: mark("department"), detect: mark("used for detection"), due: mark("due"), ended: mark("ended"), enquiry: mark("enquiry"),
  evidence: mark("evidence"), expires: mark("expires"), first: mark("first"), format: mark("form"), giver: mark("given by"), handling_class: mark("handling class"), held: mark("in hand since"), holder: mark("in the hands of"), host: mark("host"), hosts: mark("hosts"), kind: mark("kind"),
  known: mark("known or new"), language: mark("language"), last: mark("last"), message: mark("message"), name: mark("name"), notice: mark("notice"), of_case: mark("case"), outbreak: mark("outbreak"), parent: mark("infected by"), playbook: mark("playbook"), readiness: mark("lasts beyond the case"),
  released: mark("released"), releaser: mark("released by"), route: mark("route of infection"), second_releaser: mark("second released by"), sent: mark("sent"), sightings: mark("times seen"), size: mark("size"), state: mark("state"), step: mark("step"), subject: mark("subject"), summary: mark("summary"),
  tags: mark("tags"), taken: mark("taken"), taker: mark("taken by"), team: mark("team"), text: mark("text"), title: mark("title"), tlp: "TLP", value: mark("value"), why: mark("to what end"), sha256: "SHA-256",
};

const TIMES = new Set(["answered", "at", "aware", "changed", "closed", "created", "due", "ended", "expires", "first", "held", "last", "released", "sent", "taken"]);
/* Columns by which the program itself finds its way. */
const INNER = new Set(["id", "code", "said", "token_hash"]);
const STATES: Readonly<Record<string, string>> = { case: "case", case_host: "host", task: "task", notice: "notice", enquiry: "enquiry" };
const KINDS: Readonly<Record<string, string>> = { case_entry: "entry", enquiry_entry: "thread", indicator: "indicator" };

function told(table: string, name: string, value: unknown): string {
  if (value === "" || value === null || value === undefined || (value === 0 && TIMES.has(name))) return "–";
  if (typeof value === "object") return "…";
  if (TIMES.has(name) && typeof value === "number") return clock(value / 1000, true);
  if (name === "state" && STATES[table]) return word(`${STATES[table]} ${String(value)}`);
  if (name === "kind" && KINDS[table]) return word(`${KINDS[table]} ${String(value)}`);
  if (name === "evidence" && table === "case_host") return word(String(value));
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  return String(value);
}

/** Of a changed row what differs, of a new or removed one what it is. */
export function changes(change: CaseChange): string {
  const shown = change.after ?? change.before ?? {};
  const both = change.before !== null && change.after !== null;
  const kept = Object.entries(shown).filter(([name, value]) => !INNER.has(name) && (both || (value !== "" && value !== 0 && value !== null && !["of_case", "created", "changed"].includes(name))));
  return kept.map(([name, value]) => {
    const says = told(change.table, name, value);
    return `${t(FIELDS[name] ?? name)}: ${both ? `${told(change.table, name, change.before?.[name])} → ${says}` : says}`;
  }).join("; ");
}
