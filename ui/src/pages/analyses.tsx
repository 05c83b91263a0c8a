// SPDX-License-Identifier: Apache-2.0
/* What has been analysed, and one analysis whole: also when nothing spreads. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useMay } from "../app";
import { Problem, remove } from "../api/client";
import { listen } from "../api/events";
import { useLoad, usePages } from "../api/load";
import type { AnalysisRow, Facts as FactsOf, Scanner } from "../api/types";
import { bytes, grouped, milliseconds, service, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, More, Show, State, Wrong } from "../parts/words";
import { go } from "../router";
import { plural, t } from "../text";
import { Inputs, RawFacts, Signs } from "./evidence";
import { SearchCharts, SOURCE, StrategyTable } from "./searching";

export function Analyses() {
  const loaded = usePages<AnalysisRow>("/analyses?limit=1000&sort=-created");
  useEffect(() => listen("analysis", loaded.reload, loaded.reload), [loaded.reload]);
  return (
    <Show loaded={loaded} whole>{(list) => {
      const spreading = list.items.filter((row) => row.verdict === "spreading").length;
      if (!list.items.length) return <><Answer>{t("Nothing has been analysed yet.")}</Answer><Empty><a class="button" href="/upload">{t("Upload a capture or log")}</a></Empty></>;
      return (
        <>
          <Answer mood={spreading ? "spreading" : "calm"}>
            {spreading ? plural(spreading, "Something spreads in {1} of {2} analyses.", "Something spreads in {1} of {2} analyses.", grouped(list.total ?? list.items.length))
              : plural(list.items.length, "Nothing spreads in {1} analysis.", "Nothing spreads in {1} analyses.")}
          </Answer>
          <Table name="analyses" rows={list.items} keyOf={(row) => row.id} columns={[
            { title: t("Analysis"), value: (row) => row.title, cell: (row) => <a href={`/analyses/${row.id}`}>{row.title || t("Analysis {1}", row.id)}</a> },
            { title: t("Verdict"), value: (row) => row.verdict, cell: (row) => <State of={row.verdict} /> },
            { title: t("Traffic from"), value: (row) => milliseconds(row.first ?? row.origin), cell: (row) => stamp(row.first ?? row.origin), short: true },
            { title: t("Traffic until"), value: (row) => milliseconds(row.last ?? row.ended), cell: (row) => stamp(row.last ?? row.ended), short: true },
            { title: t("Packets"), value: (row) => row.packets, cell: (row) => grouped(row.packets), figure: true },
            { title: t("Hosts"), value: (row) => row.hosts, cell: (row) => grouped(row.hosts), figure: true },
            { title: t("Analysed"), value: (row) => milliseconds(row.created), cell: (row) => stamp(row.created), short: true },
          ]} />
          <More of={loaded} />
        </>
      );
    }}</Show>
  );
}

function Delete({ id }: { id: number }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = () => remove(`/analyses/${id}`).then(() => go("/analyses"), (wrong: unknown) => setProblem(wrong as Problem));
  if (problem) return <Wrong problem={problem} />;
  return asked
    ? <span class="bar"><span>{t("Delete this analysis with its outbreaks?")}</span><button type="button" onClick={() => void act()}>{t("Delete")}</button><button type="button" onClick={() => setAsked(false)}>{t("Keep")}</button></span>
    : <button type="button" onClick={() => setAsked(true)}>{t("Delete…")}</button>;
}

function Whole({ row, facts, scanners, more }: { row: AnalysisRow; facts: FactsOf; scanners: readonly Scanner[]; more: ComponentChildren }) {
  const may = useMay("analyst");
  const origin = milliseconds(facts.origin);
  const searching = useMemo(() => scanners.filter((s) => s.verdict === "scanner"), [scanners]);
  const first = facts.inputs[0];
  return (
    <>
      <Answer mood={row.verdict} kicker={row.title}>{row.text || facts.verdict.text}</Answer>
      {(row.outbreaks ?? []).map((outbreak) => (
        <p key={outbreak.id}><a class="button" href={`/outbreaks/${outbreak.id}`}>{t("Outbreak on {1}: {2} infected", service(outbreak.proto, outbreak.port), grouped(outbreak.infected))}</a></p>
      ))}
      <Facts of={[
        [t("Packets"), grouped(facts.counts.packets)], [t("Conversations"), grouped(facts.counts.flows)], [t("Contacts"), grouped(facts.counts.contacts)],
        [t("Hosts"), grouped(facts.counts.hosts)], [t("Inputs"), facts.inputs.length > 1 ? grouped(facts.inputs.length) : `${first?.format ?? "–"}, ${bytes(first?.bytes ?? 0)}`],
        [t("From time"), stamp(facts.origin)], [t("To time"), stamp(facts.end)],
      ]} />
      {may && <div class="bar"><Delete id={row.id} /></div>}
      <h2>{plural(facts.scanners.length, "{1} source that tried many addresses", "{1} sources that tried many addresses")}</h2>
      {scanners.length ? <StrategyTable scanners={scanners} /> : <p class="note">{t("No host tried more addresses than an ordinary one.")}</p>}
      {more}
      <SearchCharts analysis={row.id} scanners={searching} origin={origin} />
      <h2>{t("Signs of known ways of spreading")}</h2>
      <Signs signs={facts.signs} origin={origin} inputs={facts.inputs} />
      <h2>{t("What was read")}</h2>
      <Inputs inputs={facts.inputs} limits={facts.limits} />
      <RawFacts analysis={row.id} />
    </>
  );
}

export function Analysis({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const id = encodeURIComponent(parameters["id"] ?? "");
  const row = useLoad<AnalysisRow>(`/analyses/${id}`);
  const facts = useLoad<FactsOf>(row.data ? `/analyses/${id}/facts` : null);
  const scanners = usePages<Scanner>(row.data ? `/analyses/${id}/scanners?limit=1000` : null, SOURCE);
  return (
    <Show loaded={row} whole>{(data) => (
      <Show loaded={facts} whole>{(all) => <Whole row={data} facts={all} scanners={scanners.data?.items ?? all.scanners} more={<More of={scanners} />} />}</Show>
    )}</Show>
  );
}
