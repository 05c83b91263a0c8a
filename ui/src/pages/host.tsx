// SPDX-License-Identifier: Apache-2.0
/* One host of an outbreak: when it fell, by whom, how that is known, whom it infected. */
import { useLoad } from "../api/load";
import type { Edge, HostStory, Outbreak } from "../api/types";
import { Wire } from "../charts/wire";
import { bothTimes, certainty, milliseconds, relative } from "../format";
import { Table } from "../parts/table";
import { Answer, Facts, Show } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";
import { Signs } from "./evidence";
import { StrategyTable } from "./searching";

const link = (id: number, host: string) => <a key={host} href={`/outbreaks/${id}/hosts/${encodeURIComponent(host)}`}>{host}</a>;

function sentence(story: HostStory, origin: number): string {
  const when = bothTimes(origin, story.t);
  const others = story.children?.length ?? 0;
  const first = story.parent
    ? t("{1} was infected at {2} by {3} ({4}).", story.host, when, story.parent, certainty(story.parent_posterior))
    : t("{1} was the first seen: at {2}, infected from outside what was seen.", story.host, when);
  return first + " " + (others ? plural(others, "It infected {1} other host.", "It infected {1} other hosts.") : t("It is not seen to have infected others."));
}

function Moments({ story, origin }: { story: HostStory; origin: number }) {
  const onset = story.onset_t ?? story.screen_t;
  const rows: { what: string; t: number; note: string }[] = [
    { what: t("Infected (from the traffic)"), t: story.t, note: `±${t("{1} s", story.error_s.toFixed(3))}, ${word(story.evidence)}` },
    ...(typeof story.scan_t === "number" ? [{ what: t("Begins to search"), t: story.scan_t, note: relative(story.scan_t - story.t) }] : []),
    ...(typeof onset === "number" ? [{ what: t("On its screen"), t: onset, note: relative(onset - story.t) }] : []),
    ...(typeof story.dialog_t === "number" ? [{ what: t("Ransom dialog"), t: story.dialog_t, note: relative(story.dialog_t - story.t) }] : []),
  ];
  return (
    <>
      <h2>{t("Its times")}</h2>
      <Table name={`times-${story.host}`} rows={rows} keyOf={(row) => row.what} bare columns={[
        { title: t("What"), value: (row) => row.what },
        { title: t("Time"), value: (row) => bothTimes(origin, row.t) },
        { title: t("Since its infection, error"), value: (row) => row.note },
      ]} />
    </>
  );
}

function Parents({ story, id }: { story: HostStory; id: number }) {
  if (!story.parent) return null;
  const rows = [{ host: story.parent, posterior: story.parent_posterior }, ...(story.runners_up ?? [])];
  return (
    <>
      <h2>{t("Who infected it")}</h2>
      <Table name={`parents-${story.host}`} rows={rows} keyOf={(row) => row.host ?? ""} bare columns={[
        { title: t("Parent"), value: (row) => row.host, cell: (row) => (row.host ? link(id, row.host) : t("from outside what was seen")) },
        { title: t("Certainty"), value: (row) => row.posterior, cell: (row) => <><span class="share" style={{ width: `${Math.max(2, row.posterior * 120)}px` }} />{certainty(row.posterior)}</> },
      ]} />
    </>
  );
}

function Story({ of, story }: { of: Outbreak; story: HostStory }) {
  const origin = milliseconds(of.origin);
  const edge = useLoad<Edge>(story.parent ? `/outbreaks/${of.id}/edges/${encodeURIComponent(story.host)}` : null);
  const attempts = story.attempts ?? [];
  return (
    <>
      <Answer mood="spreading" kicker={<a href={`/outbreaks/${of.id}`}>{t("Outbreak {1}", of.title || of.id)}</a>}>{sentence(story, origin)}</Answer>
      <h2 class="near">{t("What to do now")}</h2>
      <ol class="now">
        <li>{t("Isolate {1}, but leave it switched on: memory is evidence.", story.host)}</li>
        {(story.children?.length ?? 0) > 0 && <li>{t("Then the hosts it infected, below.")}</li>}
      </ol>
      <Facts of={[
        [t("Known from"), word(story.evidence)], [t("Generation"), story.generation],
        [t("Packets"), story.packets ? t("packets {1}-{2}", story.packets[0], story.packets[1]) : "–"],
        [t("Infected others"), story.children?.length ? <>{story.children.slice(0, 40).map((host, i) => <>{i > 0 && ", "}{link(of.id, host)}</>)}{story.children.length > 40 && " …"}</> : t("none seen")],
      ]} />
      <Moments story={story} origin={origin} />
      <Parents story={story} id={of.id} />
      {story.parent && <><h2 id="wire">{t("What passed between them")}</h2><Show loaded={edge}>{(data) => <Wire edge={data} origin={origin} />}</Show></>}
      {attempts.length > 0 && (
        <>
          <h2>{t("Attacks on it and by it whose success was not seen")}</h2>
          <Table name={`attempts-${story.host}`} rows={attempts} keyOf={(a) => `${a.source} ${a.target} ${a.what}`} columns={[
            { title: t("Source"), value: (a) => a.source }, { title: t("Target"), value: (a) => a.target ?? story.host }, { title: t("Attempts"), value: (a) => a.attempts, figure: true },
            { title: t("First"), value: (a) => bothTimes(origin, a.first_t) }, { title: t("Last"), value: (a) => bothTimes(origin, a.last_t) },
            { title: t("What"), value: (a) => a.what },
          ]} />
        </>
      )}
      {story.scanner && <><h2>{t("How it searches for victims")}</h2><StrategyTable scanners={[story.scanner]} /></>}
      <h2>{t("Signs, each with its packets")}</h2>
      <Signs signs={story.signs ?? []} origin={origin} inputs={of.inputs} />
    </>
  );
}

export function Host({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const id = encodeURIComponent(parameters["id"] ?? "");
  const outbreak = useLoad<Outbreak>(`/outbreaks/${id}`);
  const story = useLoad<HostStory>(`/outbreaks/${id}/hosts/${encodeURIComponent(parameters["host"] ?? "")}`);
  return <Show loaded={outbreak} whole>{(of) => <Show loaded={story} whole>{(data) => <Story of={of} story={data} />}</Show>}</Show>;
}
