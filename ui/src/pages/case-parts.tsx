// SPDX-License-Identifier: Apache-2.0
/* A case that becomes one with another or two, and the history of it. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { get, post, Problem } from "../api/client";
import { useLoad } from "../api/load";
import type { Case, CaseChange, CaseHost } from "../api/case";
import type { List } from "../api/types";
import { stamp } from "../format";
import { Table } from "../parts/table";
import { Wrong } from "../parts/words";
import { go } from "../router";
import { plural, t } from "../text";
import { word } from "../words";
import { changes } from "./case-changes";

function Merge({ of, open }: { of: Case; open: readonly Case[] }) {
  const [into, setInto] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!open.length) return <p class="note">{t("There is no other open case.")}</p>;
  const send = () => post(`/cases/${of.id}/merge`, { into: Number(into) }).then(() => go(`/cases/${into}`), (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <div class="bar">
      {problem && <Wrong problem={problem} />}
      <label class="field"><span>{t("Becomes a part of")}</span><select value={into} onChange={(event) => setInto(event.currentTarget.value)}><option value="">–</option>{open.map((c) => <option key={c.id} value={c.id}>{`${c.id}: ${c.title}`}</option>)}</select></label>
      <button type="button" disabled={!into} onClick={() => void send()}>{t("Merge")}</button>
    </div>
  );
}

function Split({ of, hosts }: { of: Case; hosts: readonly CaseHost[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const press = (host: string) => { const next = new Set(chosen); if (!next.delete(host)) next.add(host); setChosen(next); };
  const send = () => post<{ made: number }>(`/cases/${of.id}/split`, { hosts: [...chosen], title: title || null }).then((done) => go(`/cases/${done.made}`), (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <>
      {problem && <Wrong problem={problem} />}
      <fieldset class="choices"><legend>{t("Hosts that become a case of their own, with the notices that name only them")}</legend>
        {hosts.map((h) => <label key={h.id}><input type="checkbox" checked={chosen.has(h.host)} onChange={() => press(h.host)} /> {h.host}</label>)}
      </fieldset>
      <div class="bar">
        <label class="field grow"><span>{t("Title of the new case")}</span><input value={title} maxLength={300} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
        <button type="button" disabled={!chosen.size || chosen.size === hosts.length} onClick={() => void send()}>{plural(chosen.size, "Split off {1} host", "Split off {1} hosts")}</button>
      </div>
    </>
  );
}

/** Folded away: it is done seldom. */
export function MergeAndSplit({ of, hosts }: { of: Case; hosts: readonly CaseHost[] }) {
  const may = useMay("coordinator") && (of.state === "open" || of.state === "contained");
  const cases = useLoad<List<Case>>("/cases?limit=200");
  if (!may) return null;
  return (
    <details>
      <summary>{t("Merge with another case, or split")}</summary>
      <Merge of={of} open={(cases.data?.items ?? []).filter((c) => c.id !== of.id && (c.state === "open" || c.state === "contained"))} />
      {hosts.length > 1 && <Split of={of} hosts={hosts} />}
    </details>
  );
}

/** Read when it is opened: it grows with the case. */
export function History({ of }: { of: Case }) {
  const [rows, setRows] = useState<readonly CaseChange[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = (cursor: string | null) => get<List<CaseChange>>(`/cases/${of.id}/history?limit=200${cursor ? `&cursor=${cursor}` : ""}`).then((page) => {
    setRows((known) => (cursor ? [...(known ?? []), ...page.items] : page.items));
    setNext(page.next ?? null);
  }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <details onToggle={(event) => { if ((event.currentTarget as HTMLDetailsElement).open && !rows) void read(null); }}>
      <summary>{t("Full history: who changed what, from the audit log")}</summary>
      {problem && <Wrong problem={problem} />}
      {rows && (
        <Table name="history" rows={rows} keyOf={(c) => c.id} columns={[
          { title: t("Time"), value: (c) => c.id, cell: (c) => stamp(c.at), short: true }, { title: t("Who"), value: (c) => c.who, short: true },
          { title: t("What"), value: (c) => `${word(`change ${c.what}`)} ${word(`row ${c.table}`)} ${c.row}`, short: true },
          { title: t("Before and after"), value: changes, wide: true },
        ]} />
      )}
      {next && <div class="bar"><button type="button" onClick={() => void read(next)}>{t("Earlier changes")}</button></div>}
    </details>
  );
}
