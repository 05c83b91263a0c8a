// SPDX-License-Identifier: Apache-2.0
/* What is done with a case: notes, indicators out of a pasted text, its end and its return. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { post, press, Problem } from "../api/client";
import { placeOf, useLoad, usePages, type Placed } from "../api/load";
import type { Case, CaseDeadline, CaseIndicator, Pasted } from "../api/case";
import type { List } from "../api/types";
import { milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { More, Show, Wrong } from "../parts/words";
import { t } from "../text";
import { word } from "../words";
import { CaseProfiles } from "./deadlines";
import { IndicatorForm } from "./indicator-form";

/** A text and what is done with it; empty again once it was taken. */
function Say({ label, action, send }: { label: string; action: string; send: (text: string) => Promise<string> }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    send(text).then((done) => { setText(""); setProblem(null); setSaid(done); }, (wrong: unknown) => { setSaid(""); setProblem(wrong as Problem); });
  };
  return (
    <form onSubmit={submit}>
      {problem && <Wrong problem={problem} />}
      <label class="field"><span>{label}</span><textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <div class="bar"><button type="submit" disabled={!text.trim()}>{action}</button><span role="status">{said}</span></div>
    </form>
  );
}

export function NoteForm({ of, changed }: { of: Case; changed: () => void }) {
  const may = useMay("analyst");
  if (!may) return null;
  return <Say label={t("Note for the course of the case")} action={t("Write the note")} send={(text) => post(`/cases/${of.id}/notes`, { text }).then(() => { changed(); return t("Written."); })} />;
}

const INDICATOR: Placed<CaseIndicator> = { prefix: "indicator-", of: (i) => i.id };

export function Indicators({ of }: { of: Case }) {
  const may = useMay("analyst");
  const [chosen, setChosen] = useState<number | null>(null);
  const loaded = usePages<CaseIndicator>(`/cases/${of.id}/indicators?limit=1000`, INDICATOR);
  const paste = (text: string) => post<Pasted>(`/cases/${of.id}/indicators`, { text }).then((done) => {
    loaded.reload();
    return t("{1} new, {2} known already; words that are no indicator: {3}.", done.added, done.again, done.passed);
  });
  return (
    <>
      <h2>{t("Indicators")}</h2>
      {may && <Say label={t("Paste a mail, a table or a list; hxxp and [.] are understood")} action={t("Take the indicators")} send={paste} />}
      <Show loaded={loaded}>{(list) => (list.items.length ? (
        <Table name="indicators" rows={list.items} keyOf={(i) => i.id} idOf={placeOf(INDICATOR)} columns={[
          { title: t("Kind"), value: (i) => word(`indicator ${i.kind}`), short: true }, { title: t("Value"), value: (i) => i.value, wide: true },
          { title: t("Seen"), value: (i) => i.sightings, figure: true },
          { title: t("Last"), value: (i) => milliseconds(i.last), cell: (i) => stamp(i.last), short: true },
          { title: t("What it means"), value: (i) => (i.comment ? t(i.comment) : null), wide: true }, { title: "TLP", value: (i) => i.tlp, short: true },
          ...(may ? [{ title: t("Change"), value: () => "", cell: (i: CaseIndicator) => <button type="button" aria-expanded={chosen === i.id} onClick={() => setChosen(chosen === i.id ? null : i.id)}>{t("Change {1}", i.id)}</button> }] : []),
        ]} />
      ) : <p class="note">{t("None yet.")}</p>)}</Show>
      <More of={loaded} />
      {may && loaded.data?.items.filter((i) => i.id === chosen).map((i) => <IndicatorForm key={i.id} of={of} indicator={i} done={() => { setChosen(null); loaded.reload(); }} />)}
    </>
  );
}

const SHIPPED = new Set(["own", "nis2", "appi"]);
export const deadlineName = (d: CaseDeadline): string => (SHIPPED.has(d.profile) ? word(`deadline ${d.id}`) : d.title);

/** Until when somebody must be told. */
export function Deadlines({ of, changed }: { of: Case; changed: () => void }) {
  const may = useMay("analyst");
  const loaded = useLoad<List<CaseDeadline>>(`/cases/${of.id}/deadlines`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const now = Date.now();
  const met = (id: string) => post(`/cases/${of.id}/deadlines`, { id }).then(() => { setProblem(null); loaded.reload(); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  const state = (d: CaseDeadline) => (d.met ? (milliseconds(d.met) <= milliseconds(d.due) ? t("kept at {1}", stamp(d.met)) : t("late, at {1}", stamp(d.met))) : milliseconds(d.due) < now ? t("over") : t("runs"));
  return (
    <>
      <h2 id="deadlines">{t("Deadlines")}</h2>
      {problem && <Wrong problem={problem} />}
      <Show loaded={loaded}>{(list) => (
        <Table name="deadlines" bare rows={list.items} keyOf={(d) => d.id} columns={[
          { title: t("Due"), value: (d) => milliseconds(d.due), cell: (d) => stamp(d.due), short: true },
          { title: t("What"), value: deadlineName, wide: true }, { title: t("Basis"), value: (d) => t(d.source), wide: true },
          { title: t("State"), value: state, short: true },
          { title: t("Do"), value: () => "", cell: (d) => (may && !d.met ? <button type="button" aria-label={t("Mark as met: {1}", deadlineName(d))} onClick={() => void met(d.id)}>{t("Mark as met")}</button> : "–") },
        ]} />
      )}</Show>
      <CaseProfiles of={of} running={[...new Set((loaded.data?.items ?? []).map((d) => d.profile))]} changed={() => { loaded.reload(); changed(); }} />
      <p class="note">{t("Whether a law applies to you is a lawyer's question; the clocks only say when they would run out.")}</p>
    </>
  );
}

export function CaseEnd({ of, changed }: { of: Case; changed: () => void }) {
  const may = useMay("coordinator");
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!may || of.state === "merged") return null;
  const wrong = (why: unknown) => setProblem(why as Problem);
  const done = () => { setProblem(null); changed(); };
  const close = (lesson: string | null) => post(`/cases/${of.id}/close`, { lesson }).then(() => { done(); return t("Closed."); });
  return (
    <>
      <h2>{of.state === "closed" ? t("Open it again") : t("Close the case")}</h2>
      {problem && <Wrong problem={problem} />}
      {of.state === "closed" ? (
        <div class="bar"><button type="button" onClick={() => void press(`/cases/${of.id}/reopen`).then(done, wrong)}>{t("Open the case again")}</button></div>
      ) : (
        <>
          <Say label={t("What was learnt? It stays with the case.")} action={t("Close with this lesson")} send={close} />
          <div class="bar"><button type="button" onClick={() => void close(null).catch(wrong)}>{t("Close without a lesson")}</button></div>
        </>
      )}
    </>
  );
}

