// SPDX-License-Identifier: Apache-2.0
/* How the sources search for victims: strategy table (B3), raster (B1), distinct addresses over reference curves (B2, B4). */
import { useEffect, useMemo, useState } from "preact/hooks";
import { get } from "../api/client";
import { useLoad, type Placed } from "../api/load";
import type { List, Outbreak, ReferenceCurve, Scanner, Strategy } from "../api/types";
import { Raster } from "../charts/raster";
import { ReachCurves, type Reach } from "../charts/reach";
import { certainty, duration, figure, grouped, milliseconds, relative, service } from "../format";
import { Table } from "../parts/table";
import { State } from "../parts/words";
import { t } from "../text";
import { asked, word } from "../words";

const CURVES = 8;
const LEAST_SHARE = 0.05;

export const SOURCE: Placed<Scanner> = { prefix: "source-", of: (s) => s.host };

function strategy(scanner: Scanner, scope: Strategy["scope"]): string {
  if (scanner.shape === "vertical") return "–";
  const found = scanner.strategies.find((s) => s.scope === scope);
  if (!found || found.probes === 0) return t("not searched");
  const how = `${word(found.name)} (${certainty(found.posterior)})`;
  return found.pass_seconds && scope === "connected" ? t("{1}, 254 addresses in {2}", how, duration(found.pass_seconds)) : how;
}

/** Whom each source tries, how fast, in which order: in its own networks and elsewhere. */
export function StrategyTable({ scanners, outbreak, vectors }: { scanners: readonly Scanner[]; outbreak?: number; vectors?: readonly string[] }) {
  const firsts = useMemo(() => new Map([...scanners].reverse().map((s) => [s.host, s])), [scanners]); // a host that searches on two services has two rows
  const idOf = (s: Scanner) => (firsts.get(s.host) === s ? SOURCE.prefix + s.host : `${SOURCE.prefix}${s.host}-${s.proto}-${s.port}`);
  return (
    <Table name="strategies" rows={scanners} keyOf={(s) => `${s.host} ${s.proto} ${s.port}`} idOf={idOf} columns={[
      { title: t("Scanner"), value: (s) => s.host, cell: (s) => (outbreak ? <a href={`/outbreaks/${outbreak}/hosts/${encodeURIComponent(s.host)}`}>{s.host}</a> : s.host) },
      { title: t("Service"), value: asked },
      { title: t("Verdict"), value: (s) => word(s.verdict), cell: (s) => <State of={s.verdict === "scanner" ? "searching" : s.verdict} /> },
      { title: t("Search in its own networks"), value: (s) => strategy(s, "connected"), wide: true },
      { title: t("Search elsewhere"), value: (s) => strategy(s, "elsewhere"), wide: true },
      ...(vectors ? [{ title: t("Spreads by"), value: () => vectors.map(word).join(", ") }] : []),
      { title: t("Addresses"), value: (s) => s.targets, cell: (s) => grouped(s.targets), figure: true },
      { title: t("Answered"), value: (s) => s.answered, cell: (s) => grouped(s.answered), figure: true },
      { title: t("Per s"), value: (s) => s.rate_per_s, cell: (s) => figure(s.rate_per_s), figure: true },
      { title: t("Since"), value: (s) => s.since_t, cell: (s) => relative(s.since_t), figure: true },
      { title: t("Why"), wide: true, value: (s) => (s.reason ? t(s.reason) : ""), cell: (s) => (s.decided_after ? t("{1}, after {2} probes", t(s.reason ?? ""), grouped(s.decided_after)) : t(s.reason ?? "")) },
    ]} />
  );
}

/** The curves of the busiest sources, one request each. */
function useReaches(analysis: number, scanners: readonly Scanner[]): readonly Reach[] {
  const [reaches, setReaches] = useState<readonly Reach[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const busy = [...scanners].filter((s) => s.number !== undefined && s.shape !== "vertical").sort((a, b) => b.targets - a.targets).slice(0, CURVES);
    const one = async (scanner: Scanner): Promise<Reach> => {
      const answer = await get<Reach["points"] | List<Reach["points"][number]>>(`/analyses/${analysis}/scanners/${scanner.number}/reach`, stop.signal);
      // The server counts from the first contact; a search may begin later: what is compared is the search.
      const wait = Math.max(0, scanner.since_t - (scanner.t ?? scanner.since_t));
      const points = ("items" in answer ? answer.items : answer).filter((p) => p.t >= wait);
      return { name: scanner.host, points: points.map((p) => ({ t: p.t - wait, distinct: p.distinct })) };
    };
    Promise.all(busy.map(one)).then(setReaches, () => setReaches([]));
    return () => stop.abort();
  }, [analysis, scanners]);
  return reaches;
}

/** Rasters and curves of the scanners of an analysis, one raster at a time. */
export function SearchCharts({ analysis, scanners, origin }: { analysis: number; scanners: readonly Scanner[]; origin: number }) {
  const drawn = useMemo(() => scanners.filter((s) => s.number !== undefined), [scanners]);
  const references = useLoad<ReferenceCurve[] | List<ReferenceCurve>>("/catalogue/reference-curves");
  const reaches = useReaches(analysis, drawn);
  const [chosen, setChosen] = useState(0);
  const scanner = drawn[chosen] ?? drawn[0];
  const curves = useMemo(() => (references.data ? (Array.isArray(references.data) ? references.data : references.data.items) : []), [references.data]);
  if (!scanner) return null;
  const last = scanner.last ? (milliseconds(scanner.last) - origin) / 1000 : scanner.since_t + scanner.targets / Math.max(0.01, scanner.rate_per_s);
  const began = scanner.t ?? scanner.since_t;
  const start = last - scanner.since_t >= LEAST_SHARE * (last - began) ? scanner.since_t : began; // a search that is told by its last probes alone is shown from its first
  const ports = scanner.shape === "vertical";
  const figures = [grouped(scanner.targets), duration(last - start), grouped(scanner.answered)] as const;
  const says = ports ? t("Scan raster of {1}: {3} ports of {2} in {4}, {5} answered.", scanner.host, scanner.victim ?? "–", ...figures)
    : t("Scan raster of {1} on {2}: {3} addresses in {4}, {5} answered.", scanner.host, service(scanner.proto, scanner.port), ...figures);
  return (
    <>
      <figure>
        <figcaption>{ports ? t("Scan raster: which port was tried when") : t("Scan raster: which address was tried when")}</figcaption>
        {drawn.length > 1 && (
          <label class="mini onscreen">{t("Scanner")}{" "}
            <select value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
              {drawn.map((s, i) => <option key={i} value={i}>{s.host} {asked(s)}</option>)}
            </select>
          </label>
        )}
        <Raster key={`${scanner.number}`} url={`/analyses/${analysis}/scanners/${scanner.number}`} origin={origin} whole={[start, last]} host={scanner.host} describe={says} />
        <p class="note">{says} {ports ? t("In order shows as a line, random as snow.") : t("In order shows as a line, random as snow, local preference as a band.")}</p>
      </figure>
      <ReachCurves reaches={reaches} references={curves} />
    </>
  );
}

export function Searching({ of, origin }: { of: Outbreak; origin: number }) {
  const scanners = of.strategies ?? [];
  if (!scanners.length) return null;
  return (
    <>
      <h2 id="search">{t("How they search for victims")}</h2>
      <StrategyTable scanners={scanners} outbreak={of.id} vectors={of.vectors} />
      <SearchCharts analysis={of.analysis} scanners={scanners} origin={origin} />
    </>
  );
}
