// SPDX-License-Identifier: Apache-2.0
/* What other teams sent, and what became of it; a bundle or file is handed in here. */
import { useRef, useState } from "preact/hooks";
import { useMay } from "../app";
import { handIn, Problem } from "../api/client";
import { usePages } from "../api/load";
import type { Received, Reception } from "../api/received";
import { milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Field, More, Show, Wrong } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";

/** What became of a file, in a sentence. */
function outcome(r: Reception): string {
  const records = r.records?.proposed ? " " + plural(r.records.proposed, "{1} change of the directory waits for a decision.", "{1} changes of the directory wait for a decision.") : "";
  if (r.answer === "opened") return t("Case {1} was opened, TLP:{4}. Affected hosts: {2}, indicators: {3}.", r.case ?? "–", r.hosts, r.indicators, r.label) + records;
  if (r.answer === "updated") return t("Case {1} was brought up to date, TLP:{4}. Further affected hosts: {2}, further indicators: {3}.", r.case ?? "–", r.hosts, r.indicators, r.label) + records;
  if (r.answer === "same") return t("It is what came last for case {1}: nothing changed.", r.case ?? "–") + records;
  return t("It was not taken in: {1}", t(r.why ?? "")) + records;
}

function HandIn({ done }: { done: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [from, setFrom] = useState("");
  const [told, setTold] = useState<Reception | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (file: File) => handIn<Reception>(`/received${from ? `?from=${encodeURIComponent(from)}` : ""}`, file).then(
    (answer) => { setTold(answer); setProblem(null); done(); }, (wrong: unknown) => { setTold(null); setProblem(wrong as Problem); });
  return (
    <section aria-label={t("Hand in what another team sent")}>
      <h2>{t("Hand in what another team sent")}</h2>
      <p class="note">{t("A signed bundle is taken in when a team of the directory signed it; STIX, MISP, X-ARF, CSAF, IODEF, IntelMQ and CSV files as you say. Nobody is notified by this.")}</p>
      {problem && <Wrong problem={problem} />}
      <div class="form">
        <Field name={t("From the team (id in the directory), if it is no bundle")}><input value={from} maxLength={100} onInput={(event) => setFrom(event.currentTarget.value.trim())} /></Field>
        <div class="bar">
          <button type="button" class="main" onClick={() => field.current?.click()}>{t("Choose a file")}</button>
          <input ref={field} class="hidden" type="file" tabIndex={-1} aria-label={t("Choose a file")} onChange={(event) => { const file = event.currentTarget.files?.[0]; if (file) void send(file); event.currentTarget.value = ""; }} />
        </div>
      </div>
      {told && <p role="status">{outcome(told)} {told.case !== null && <a href={`/cases/${told.case}`}>{t("Case {1}", told.case)}</a>}</p>}
    </section>
  );
}

const sender = (r: Received): string => r.team ?? r.sender;

function List_({ of }: { of: readonly Received[] }) {
  return (
    <Table name="received" rows={of} keyOf={(r) => r.id} columns={[
      { title: t("When"), value: (r) => milliseconds(r.at), cell: (r) => stamp(r.at), short: true },
      { title: t("From"), value: sender, cell: (r) => (r.team ? <a href={`/directory/${encodeURIComponent(r.team)}`}>{r.team}</a> : r.sender) },
      { title: t("Proven"), value: (r) => (r.proven ? t("yes") : t("no, only said")), short: true },
      { title: t("What"), value: (r) => r.title, wide: true },
      { title: t("Way"), value: (r) => `${word(`received ${r.way}`)}, ${r.form}`, short: true },
      { title: t("Label"), value: (r) => (r.tlp ? `TLP:${r.tlp}` : t("not marked")), short: true },
      { title: t("Answer"), value: (r) => word(`received ${r.answer}`), short: true },
      { title: t("Reason"), value: (r) => (r.why ? t(r.why) : null) },
      { title: t("Hosts"), value: (r) => r.hosts, figure: true }, { title: t("Indicators"), value: (r) => r.indicators, figure: true },
      { title: t("Case"), value: (r) => r.case, cell: (r) => (r.case === null ? "–" : <a href={`/cases/${r.case}`}>{r.case}</a>), figure: true },
    ]} />
  );
}

export function ReceivedPage() {
  const may = useMay("analyst");
  const loaded = usePages<Received>("/received?limit=500");
  return (
    <Show loaded={loaded} whole>{(list) => {
      const taken = list.items.filter((r) => r.answer === "opened" || r.answer === "updated").length;
      return (
        <>
          <Answer kicker={<a href="/cases">{t("Cases")}</a>}>{list.items.length ? t("{1} of the last {2} things from other teams were taken in.", taken, list.items.length) : t("Nothing came from other teams yet.")}</Answer>
          {may && <HandIn done={loaded.reload} />}
          <h2>{t("Received")}</h2>
          <More of={loaded} />
          {list.items.length ? <List_ of={list.items} /> : <Empty>{t("Hand in a bundle or a file, or give another team a token with the scope taxii:write.")}</Empty>}
        </>
      );
    }}</Show>
  );
}
