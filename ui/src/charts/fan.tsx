// SPDX-License-Identifier: Apache-2.0
/* Infected hosts over time, over all runs of a simulation: the median as a line, nine tenths of the runs as an area. */
import type { Simulation } from "../api/types";
import { duration, grouped, relative } from "../format";
import { Table } from "../parts/table";
import { plural, t } from "../text";
import { tickText, timeTicks, useWidth } from "./paint";

interface Reached { percent: number; t: number; low: number; high: number }
type Point = NonNullable<Simulation["curve"]>[number];

export interface Fan { name: string; simulation: Simulation }

const HEIGHT = 280;
const LEFT = 48;
const BOTTOM = 26;
const ROWS = 40; /* of the table, about */

export function reachedOf(simulation: Simulation): Reached[] {
  return (simulation.summary?.reached ?? []).filter((r): r is Reached => r.percent >= 1 && r.t !== null && r.low !== null && r.high !== null);
}

interface Scales { x: (t: number) => number; y: (share: number) => number }

function Line({ points, hosts, scales: { x, y }, other }: { points: readonly Point[]; hosts: number; scales: Scales; other: boolean }) {
  const mood = other ? " other" : "";
  const at = (p: Point, n: number) => `${x(p.t).toFixed(1)},${y(n / hosts).toFixed(1)}`;
  const path = (list: readonly Point[], pick: (p: Point) => number, first = "M") => list.map((p, i) => `${i ? "L" : first}${at(p, pick(p))}`).join("");
  return (
    <>
      <path class={`area${mood}`} d={`${path(points, (p) => p.high)}${path([...points].reverse(), (p) => p.low, "L")}Z`} />
      <path class={`line${mood}`} d={path(points, (p) => p.median)} />
    </>
  );
}

/** The first name left of its line where a third has fallen, the second right of its own at two thirds: apart also where the lines lie on each other. */
function Name({ fan, right, scales: { x, y } }: { fan: Fan & { points: readonly Point[]; hosts: number }; right: boolean; scales: Scales }) {
  const final = fan.points[fan.points.length - 1]?.median ?? 0;
  const p = fan.points.find((point) => point.median >= (final * (right ? 2 : 1)) / 3) ?? fan.points[0];
  if (!p) return null;
  const name = fan.name.length > 32 ? fan.name.slice(0, 31) + "…" : fan.name;
  const first = !right && x(p.t) > LEFT + 8 + 8 * name.length;
  return <text class={first ? "strong over end" : "strong over"} x={x(p.t) + (first ? -10 : 10)} y={Math.min(y(p.median / fan.hosts) + (right ? 5 : 0), HEIGHT - BOTTOM - 4)}>{name}</text>;
}

/** One simulation, or two beside each other (the second dashed, in the colour of what is safe); shares, so that they compare. */
export function Fans({ fans }: { fans: readonly Fan[] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const all = fans.map((fan) => ({ ...fan, points: fan.simulation.curve ?? [], hosts: Math.max(1, fan.simulation.summary?.hosts ?? 1) })).filter((fan) => fan.points.length > 0);
  const end = Math.max(1, ...all.map((fan) => fan.points[fan.points.length - 1]?.t ?? 0));
  const x = (time: number) => LEFT + (time / end) * (width - LEFT - 20);
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 12);
  if (!all.length) return <p class="note">{t("No curve was kept of this simulation: run it again.")}</p>;
  const words = all.map((fan) => {
    const last = fan.points[fan.points.length - 1];
    return t("{1}: {2} of {3} hosts after {4} in half of the runs.", fan.name, grouped(last?.median ?? 0), grouped(fan.hosts), duration(last?.t ?? 0));
  }).join(" ");
  const every = Math.max(1, Math.round((all[0]?.points.length ?? 1) / ROWS));
  return (
    <figure>
      <figcaption>{t("Infected hosts over time, all runs")}</figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={words}>
            {[0, 0.25, 0.5, 0.75, 1].map((p) => <g key={p}><line class="rule" x1={LEFT} x2={width - 20} y1={y(p)} y2={y(p)} /><text class="quiet end" x={LEFT - 6} y={y(p) + 4}>{`${p * 100} %`}</text></g>)}
            {timeTicks(0, end, (width - LEFT) / 80).map((tick) => <text key={tick} class="quiet middle" x={x(tick)} y={HEIGHT - 8}>{tickText(tick)}</text>)}
            {all.map((fan, i) => <Line key={fan.name} points={fan.points} hosts={fan.hosts} scales={{ x, y }} other={i > 0} />)}
            {all.length > 1 && all.map((fan, i) => <Name key={fan.name} fan={fan} right={i > 0} scales={{ x, y }} />)}
          </svg>
        )}
      </div>
      <p class="note">{plural(all[0]?.simulation.runs ?? 0, "Line: median of {1} run. Area: nine tenths of the runs.", "Line: median of {1} runs. Area: nine tenths of the runs.")}</p>
      <details>
        <summary>{t("The curve as a table")}</summary>
        <Table name="simulated-curve" keyOf={(row) => `${row.name} ${row.t}`} rows={all.flatMap((fan) => fan.points.filter((_, i) => i % every === 0).map((p) => ({ ...p, name: fan.name })))} columns={[
          { title: t("Simulation"), value: (row) => row.name },
          { title: t("After"), value: (row) => row.t, cell: (row) => relative(row.t), figure: true },
          { title: t("5 % of the runs below"), value: (row) => row.low, cell: (row) => grouped(row.low), figure: true },
          { title: t("Infected (median)"), value: (row) => row.median, cell: (row) => grouped(row.median), figure: true },
          { title: t("95 % of the runs below"), value: (row) => row.high, cell: (row) => grouped(row.high), figure: true },
        ]} />
      </details>
      <details>
        <summary>{t("The runs as a table")}</summary>
        <Table name="reached" keyOf={(row) => `${row.name} ${row.percent}`} rows={all.flatMap((fan) => reachedOf(fan.simulation).map((r) => ({ ...r, name: fan.name })))} columns={[
          { title: t("Simulation"), value: (row) => row.name },
          { title: t("Share infected"), value: (row) => row.percent, cell: (row) => `${row.percent} %`, figure: true },
          { title: t("5 % of the runs by"), value: (row) => row.low, cell: (row) => duration(row.low), figure: true },
          { title: t("Half of the runs by"), value: (row) => row.t, cell: (row) => duration(row.t), figure: true },
          { title: t("95 % of the runs by"), value: (row) => row.high, cell: (row) => duration(row.high), figure: true },
        ]} />
      </details>
    </figure>
  );
}
