// SPDX-License-Identifier: Apache-2.0
/* The inbox of changes that somebody asked for, decided by somebody else; and the contacts whose check is due. */
import { useState } from "preact/hooks";
import { useAccount, useMay } from "../app";
import { patch, post, Problem } from "../api/client";
import { useLoad } from "../api/load";
import type { Proposal, RecordLine } from "../api/directory";
import type { List } from "../api/types";
import { milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Show, Wrong } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";
import { Health, teamUrl } from "./directory";

const SUBJECT = ["prefix", "domain", "asn", "country", "id", "contact", "fingerprint", "team"];
const HIDDEN = new Set(["kind", "entered", "source"]);

const plain = (value: unknown): string => (value === undefined || value === null ? "–" : typeof value === "string" ? value : JSON.stringify(value));

/** What a record is about, in a word. */
function subject(line: RecordLine | null): string {
  const key = SUBJECT.find((name) => line?.[name] !== undefined);
  return line && key ? plain(line[key]) : "–";
}

function said(p: Proposal): string {
  if (!p.after) return t("Remove {1}", subject(p.before));
  if (!p.before) return t("Add {1}", subject(p.after));
  return t("Change {1}", subject(p.after));
}

/** Before and after, key by key, only what differs in a change. */
function Difference({ of }: { of: Proposal }) {
  const keys = [...new Set([...Object.keys(of.before ?? {}), ...Object.keys(of.after ?? {})])].filter((key) => !HIDDEN.has(key));
  const shown = keys.filter((key) => plain(of.before?.[key]) !== plain(of.after?.[key]));
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={t("What changes")}>
      <table>
        <thead><tr><th scope="col">{t("Key")}</th><th scope="col">{t("Now")}</th><th scope="col">{t("Proposed")}</th></tr></thead>
        <tbody>{shown.map((key) => <tr key={key}><th scope="row">{key}</th><td>{plain(of.before?.[key])}</td><td><strong>{plain(of.after?.[key])}</strong></td></tr>)}</tbody>
      </table>
    </div>
  );
}

function Waiting({ of, changed }: { of: Proposal; changed: () => void }) {
  const may = useMay("coordinator");
  const me = useAccount();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [line, setLine] = useState<string | null>(null);
  const own = of.account !== null && of.account === me?.id;
  const decide = (decision: "approve" | "refuse") => patch(`/proposals/${of.id}`, { decision, ...(decision === "approve" && line !== null ? { line } : {}) }).then(changed, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <article class="proposal" aria-label={said(of)}>
      <h2 class="near">{said(of)}</h2>
      <p class="note">{[of.who ?? t("by an answer to a notice"), stamp(of.created)].join(", ")}{of.why && `: ${of.why}`}</p>
      <Difference of={of} />
      {problem && <Wrong problem={problem} />}
      {line !== null && <label class="field"><span>{t("As it should be")}</span><textarea rows={4} spellcheck={false} value={line} onInput={(event) => setLine(event.currentTarget.value)} /></label>}
      {may && (
        <div class="bar">
          <button type="button" class="main" disabled={own} onClick={() => void decide("approve")}>{t("Approve")}</button>
          <button type="button" onClick={() => void decide("refuse")}>{t("Refuse")}</button>
          <button type="button" aria-pressed={line !== null} onClick={() => setLine(line === null ? JSON.stringify(of.after ?? of.before) : null)}>{t("Correct it first")}</button>
          {own && <span class="note">{t("Nobody approves a proposal of their own.")}</span>}
        </div>
      )}
    </article>
  );
}

export function Proposals() {
  const open = useLoad<List<Proposal>>("/proposals?state=open&limit=200");
  const all = useLoad<List<Proposal>>("/proposals?limit=200");
  const reload = () => { open.reload(); all.reload(); };
  const decided = (all.data?.items ?? []).filter((p) => p.state !== "open");
  return (
    <Show loaded={open} whole>{(list) => (
      <>
        <Answer kicker={<a href="/directory">{t("Directory")}</a>}>{list.items.length ? plural(list.total ?? list.items.length, "{1} change waits for a decision.", "{1} changes wait for a decision.") : t("No change waits for a decision.")}</Answer>
        {list.items.map((p) => <Waiting key={p.id} of={p} changed={reload} />)}
        {!list.items.length && <Empty>{t("A change is proposed on the page of a team, or by a recipient who says that a host is not theirs.")}</Empty>}
        {decided.length > 0 && (
          <>
            <h2>{t("Decided")}</h2>
            <Table name="decided" rows={decided} keyOf={(p) => p.id} columns={[
              { title: t("Change"), value: said }, { title: t("Reason"), value: (p) => p.why, wide: true }, { title: t("Asked by"), value: (p) => p.who },
              { title: t("State"), value: (p) => word(p.state), short: true }, { title: t("Decided"), value: (p) => milliseconds(p.decided), cell: (p) => stamp(p.decided), short: true },
            ]} />
          </>
        )}
      </>
    )}</Show>
  );
}

interface Due { contact: string; team: string; medium: string; address: string; health: string; due: string | null; seen: string | null; retry: boolean; waiting: boolean }

const OUTCOMES = ["answered", "silent", "bounced", "wrong-person"] as const;

export function Checks() {
  const loaded = useLoad<List<Due>>("/directory/due");
  const may = useMay("analyst");
  const [problem, setProblem] = useState<Problem | null>(null);
  const note = (contact: string, outcome: string) => post("/directory/checks", { contact, outcome }).then(() => { setProblem(null); loaded.reload(); }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <Show loaded={loaded} whole>{(list) => (
      <>
        <Answer mood={list.items.length ? "searching" : "calm"} kicker={<a href="/directory">{t("Directory")}</a>}>{list.items.length ? plural(list.total ?? 0, "{1} contact is due for a check.", "{1} contacts are due for a check.") : t("No contact is due for a check.")}</Answer>
        {problem && <Wrong problem={problem} />}
        {!list.items.length && <Empty>{t("Each contact is checked once in a while: whose check is due stands here. An empty directory has none.")} <a href="/directory">{t("Directory")}</a></Empty>}
        {list.items.length > 0 && <Table name="due" rows={list.items} keyOf={(d) => d.contact} columns={[
          { title: t("Contact"), value: (d) => d.address }, { title: t("Team"), value: (d) => d.team, cell: (d) => <a href={teamUrl(d.team)}>{d.team}</a> },
          { title: t("State"), value: (d) => word(d.health), cell: (d) => <Health of={d.health} />, short: true },
          { title: t("Due since"), value: (d) => milliseconds(d.due), cell: (d) => (d.due ? stamp(d.due) : t("never checked")), short: true },
          { title: t("Last heard of"), value: (d) => milliseconds(d.seen), cell: (d) => (d.seen ? stamp(d.seen) : t("never")), short: true },
          ...(may ? [{ title: t("It went"), value: () => "", cell: (d: Due) => (
            <select aria-label={t("How the check of {1} went", d.address)} value="" onChange={(event) => void note(d.contact, event.currentTarget.value)}>
              <option value="">{d.waiting ? t("under way") : "–"}</option>
              {OUTCOMES.map((o) => <option key={o} value={o}>{word(`check ${o}`)}</option>)}
            </select>) }] : []),
        ]} />}
      </>
    )}</Show>
  );
}
