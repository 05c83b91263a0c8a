// SPDX-License-Identifier: Apache-2.0
/* Is something spreading? The newest outbreak in words, then all of them. */
import { useEffect } from "preact/hooks";
import { listen } from "../api/events";
import { useLoad, usePages } from "../api/load";
import type { AnalysisRow, List, OutbreakRow } from "../api/types";
import { duration, figure, grouped, milliseconds, service, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, More, Show } from "../parts/words";
import { plural, t } from "../text";
import { family, word } from "../words";

/** The verdict of a row when the server sent no sentence. */
export function outbreakWords(row: OutbreakRow): string {
  if (row.text) return row.text;
  const first = row.patient_zero ? ` ${t("First: {1}.", row.patient_zero)}` : "";
  const like = row.family ? ` ${t("It behaves like {1}.", family(row.family))}` : "";
  return t("Spreading. Hosts infected: {1}.", grouped(row.infected)) + first + like;
}

function OutbreakTable({ rows }: { rows: OutbreakRow[] }) {
  return (
    <Table name="outbreaks" rows={rows} keyOf={(row) => row.id} columns={[
      { title: t("Outbreak"), value: (row) => row.title ?? row.id, cell: (row) => <a href={`/outbreaks/${row.id}`}>{row.title || t("Outbreak {1}", row.id)}</a> },
      { title: t("Began"), value: (row) => milliseconds(row.started), cell: (row) => stamp(row.started), short: true },
      { title: t("Found in"), value: (row) => row.analysis_title ?? "", cell: (row) => <a href={`/analyses/${row.analysis}`}>{row.analysis_title || t("Analysis {1}", row.analysis)}</a>, wide: true },
      { title: t("Analysed"), value: (row) => milliseconds(row.analysed), cell: (row) => stamp(row.analysed), short: true },
      { title: t("Service"), value: (row) => service(row.proto, row.port) },
      { title: t("Infected"), value: (row) => row.infected, cell: (row) => grouped(row.infected), figure: true },
      { title: t("Doubles every"), value: (row) => row.doubling_s, cell: (row) => (row.doubling_s ? duration(row.doubling_s) : "–"), figure: true },
      { title: "R", value: (row) => row.r, cell: (row) => (row.r ? figure(row.r) : "–"), figure: true },
      { title: t("Patient zero"), value: (row) => row.patient_zero },
      { title: t("Behaves like"), value: (row) => (row.family ? family(row.family) : ""), cell: (row) => (row.family ? <a href={`/catalogue/${row.family}`}>{family(row.family)}</a> : t("no known family")) },
      { title: t("Class"), value: (row) => row.class, cell: (row) => word(row.class) },
    ]} />
  );
}

/** What the newest analyses say when there is no outbreak at all. */
function Calm() {
  const analyses = useLoad<List<AnalysisRow>>("/analyses?limit=1&sort=-created");
  return (
    <Show loaded={analyses} whole>{(list) => {
      const newest = list.items[0];
      return newest ? (
        <>
          <Answer mood={newest.verdict === "searching" ? "searching" : "calm"} kicker={t("Newest analysis: {1}", newest.title)}>{newest.text || t("No outbreak has been found in what was analysed.")}</Answer>
          <Empty><p><a href={`/analyses/${newest.id}`}>{t("Open the newest analysis")}</a></p><p><a href="/upload">{t("Analyse another capture or log")}</a></p></Empty>
        </>
      ) : (
        <>
          <Answer>{t("Nothing has been analysed yet.")}</Answer>
          <Empty><p>{t("Give ekigaku a capture (pcap, pcapng) or flow logs: it says whether something spreads, who is infected, and whom to isolate first.")}</p><p><a class="button" href="/upload">{t("Upload a capture or log")}</a></p></Empty>
        </>
      );
    }}</Show>
  );
}

export function Outbreaks() {
  const loaded = usePages<OutbreakRow>("/outbreaks?limit=1000&sort=-started");
  useEffect(() => listen("outbreak", loaded.reload, loaded.reload), [loaded.reload]);
  return (
    <Show loaded={loaded} whole>{(list) => {
      const newest = list.items[0];
      if (!newest) return <Calm />;
      return (
        <>
          <Answer mood="spreading" kicker={t("Newest outbreak, {1}, since {2}", service(newest.proto, newest.port), stamp(newest.started))}>{outbreakWords(newest)}</Answer>
          <p><a class="button" href={`/outbreaks/${newest.id}`}>{t("Open this outbreak")}</a></p>
          <h2>{plural(list.total ?? list.items.length, "{1} outbreak", "{1} outbreaks")}</h2>
          <OutbreakTable rows={list.items} />
          <More of={loaded} />
        </>
      );
    }}</Show>
  );
}
