// SPDX-License-Identifier: Apache-2.0
/* One team: can it be reached now, by whom, what is its network; prints as a card in the form of RFC 2350. */
import { useState } from "preact/hooks";
import { useMay, type Parameters } from "../app";
import { post, Problem } from "../api/client";
import { useLoad } from "../api/load";
import type { ContactPoint, Network, TeamCard } from "../api/directory";
import { duration, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Facts, Field, Show, Wrong } from "../parts/words";
import { teamName } from "../desk-words";
import { language, mark, t } from "../text";
import { word } from "../words";
import { Health, Reach } from "./directory";
import { departmentName } from "./whom-to-call";

function firstLine(team: TeamCard): string {
  const name = teamName(team);
  const best = team.contact_points.find((c) => c.health === team.health && !c.disabled);
  const open = team.business.state === "open" ? " " + t("At work now.") : team.business.state === "closed" && team.business.next ? " " + t("Closed now, opens {1}.", stamp(team.business.next)) : "";
  if (!best) return t("{1} has no contact.", name) + open;
  if (team.health === "dead") return t("{1} cannot be reached: every contact is dead.", name) + open;
  return t("Reach {1} by {2}.", name, best.address) + open;
}

const DAYS: Readonly<Record<string, string>> = { mon: mark("Mon"), tue: mark("Tue"), wed: mark("Wed"), thu: mark("Thu"), fri: mark("Fri"), sat: mark("Sat"), sun: mark("Sun") };

/** "mon-fri 09:00-17:30" with the days in the reader's language. */
const hoursWords = (hours: string): string => hours.replace(/\b(?:mon|tue|wed|thu|fri|sat|sun)\b/g, (day) => t(DAYS[day] ?? day)).replace(/-/g, "–");

function Contacts({ of, team }: { of: readonly ContactPoint[]; team: TeamCard }) {
  return (
    <Table name="contacts" rows={of} keyOf={(c) => c.id} columns={[
      { title: t("Address"), value: (c) => c.address, cell: (c) => <Reach medium={c.medium} address={c.address} />, short: true },
      { title: t("Role"), value: (c) => word(`role ${c.role}`) },
      { title: t("Department"), value: (c) => departmentName(team, c.department) || null },
      { title: t("State"), value: (c) => word(c.health), cell: (c) => <Health of={c.health} />, short: true },
      { title: t("Last heard of"), value: (c) => milliseconds(c.seen), cell: (c) => (c.seen ? stamp(c.seen) : t("never")), short: true },
      { title: t("Answered"), value: (c) => (c.checks ? `${c.answers} / ${c.checks}` : null), figure: true },
      { title: t("Answers within"), value: (c) => c.answer_s, cell: (c) => (c.answer_s === null ? "–" : duration(c.answer_s)), figure: true },
      { title: t("Persons to the right one"), value: (c) => c.hops, cell: (c) => (c.hops === null ? "–" : c.hops.toFixed(1)), figure: true },
    ]} />
  );
}

interface Draft { row: number; line: string }

/* The record as it is known here; who approves sees both beside each other. */
const networkLine = (n: Network): string => JSON.stringify({
  kind: "network", [n.kind === "as" ? "asn" : n.kind]: n.kind === "as" ? Number(n.resource.replace(/^AS/, "")) : n.resource, team: n.team ?? undefined, department: n.department ?? undefined, name: n.name ?? undefined, whole: n.whole || undefined,
});
const contactLine = (c: ContactPoint, team: string): string => JSON.stringify({
  kind: "contact", id: c.id, team, department: c.department ?? undefined, role: c.role, name: c.name ?? undefined, medium: c.medium, address: c.address, languages: c.languages.length ? c.languages : undefined,
});

function Propose({ team }: { team: TeamCard }) {
  const choices = [
    ...team.contact_points.map((c) => ({ name: c.address, row: c.row, line: contactLine(c, team.id) })),
    ...team.resources.map((n) => ({ name: n.resource, row: n.row, line: networkLine(n) })),
  ];
  const fresh = JSON.stringify({ kind: "contact", id: `${team.id}-`, team: team.id, role: "poc", medium: "email", address: "" });
  const [draft, setDraft] = useState<Draft>({ row: 0, line: fresh });
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  const choose = (row: number) => setDraft({ row, line: choices.find((c) => c.row === row)?.line ?? fresh });
  const send = (line: string) => post("/proposals", { record: draft.row || null, line, why }).then(
    () => { setDone(true); setProblem(null); }, (wrong: unknown) => { setDone(false); setProblem(wrong as Problem); });
  return (
    <details class="onscreen">
      <summary>{t("Propose a change")}</summary>
      {problem && <Wrong problem={problem} />}
      <form class="form wide" onSubmit={(event) => { event.preventDefault(); void send(draft.line); }}>
        <Field name={t("Record")}>
          <select value={draft.row} onChange={(event) => choose(Number(event.currentTarget.value))}>
            <option value={0}>{t("a new contact")}</option>
            {choices.map((c) => <option key={c.row} value={c.row}>{c.name}</option>)}
          </select>
        </Field>
        <Field name={t("As it should be")}><textarea rows={4} spellcheck={false} value={draft.line} onInput={(event) => setDraft({ ...draft, line: event.currentTarget.value })} /></Field>
        <Field name={t("Reason")}><input value={why} maxLength={600} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
        <div class="bar">
          <button class="main">{t("Propose")}</button>
          {draft.row > 0 && <button type="button" onClick={() => void send("")}>{t("Propose to remove it")}</button>}
        </div>
      </form>
      {done && <p role="status">{t("It waits for somebody else's approval.")} <a href="/directory/changes">{t("Proposed changes")}</a></p>}
    </details>
  );
}

function Card({ team }: { team: TeamCard }) {
  const may = useMay("analyst");
  return (
    <>
      <Answer mood={team.health === "dead" || team.health === "none" ? "searching" : "calm"} kicker={<a href="/directory">{t("Directory")}</a>}>{firstLine(team)}</Answer>
      <Facts of={[
        [t("Organisation"), team.host], [t("Sector"), word(team.sector)], [t("Region"), word(team.region)], [t("Tier"), word(`tier ${team.tier}`)],
        [t("Founded"), team.founded], [t("Joined"), team.joined], [t("Hours"), team.hours ? `${hoursWords(team.hours)} ${team.time_zone ?? ""}` : null],
        [t("Languages"), team.languages.join(", ") || null], [t("Holiday today"), (language() === "ja" ? team.business.holiday_ja : team.business.holiday)],
        [t("Working groups"), team.groups.join(", ") || null],
      ]} />
      {team.sharing && <p>{t("Sharing: {1}", team.sharing)}</p>}
      {team.shared && team.shared.incidents > 0 && <p>{t("Shared with us until {5}: incidents: {1}, later versions: {2}, affected hosts: {3}, indicators: {4}.", team.shared.incidents, team.shared.updates, team.shared.hosts, team.shared.indicators, stamp(team.shared.last ?? ""))} <a href="/received">{t("Received")}</a></p>}
      <div class="bar mini"><button type="button" onClick={() => window.print()}>{t("Print")}</button></div>
      <h2>{t("Contact points")}</h2>
      <Contacts of={team.contact_points} team={team} />
      {team.departments.length > 0 && (
        <>
          <h2>{t("Departments")}</h2>
          <ul class="plainlist">{team.departments.map((d) => <li key={d.id}>{teamName(d)} <code>{d.id}</code></li>)}</ul>
        </>
      )}
      {team.keys.length > 0 && (
        <>
          <h2>{t("Keys")}</h2>
          <Table name="keys" bare rows={team.keys} keyOf={(k) => k.row} columns={[
            { title: t("Kind"), value: (k) => (k.type === "openpgp" ? "OpenPGP" : k.type === "bundle" ? t("of signed bundles") : "S/MIME") }, { title: t("Fingerprint"), value: (k) => k.fingerprint, cell: (k) => <code>{k.fingerprint.replace(/(.{4})(?=.)/g, "$1 ")}</code> }, { title: t("Expires"), value: (k) => k.expires },
          ]} />
        </>
      )}
      <h2>{t("Networks")}</h2>
      <Table name="networks" rows={team.resources} keyOf={(n) => n.row} columns={[
        { title: t("Network"), value: (n) => n.resource, short: true }, { title: t("Department"), value: (n) => departmentName(team, n.department) || null },
        { title: t("Comes from"), value: (n) => n.source ?? t("by hand") }, { title: t("Entered"), value: (n) => milliseconds(n.entered), cell: (n) => (n.entered ? stamp(n.entered) : "–"), short: true },
      ]} />
      {may && <Propose team={team} />}
      {team.card && (
        <details class="card" open>
          <summary>{t("The card in the form of RFC 2350")}</summary>
          <pre class="paper" tabIndex={0}>{team.card}</pre>
        </details>
      )}
    </>
  );
}

export function TeamPage({ parameters }: { parameters: Parameters }) {
  const loaded = useLoad<TeamCard>(`/directory/teams/${encodeURIComponent(parameters.id ?? "")}`);
  return <Show loaded={loaded} whole>{(team) => <Card team={team} />}</Show>;
}
