// SPDX-License-Identifier: Apache-2.0
/* Share of hosts infected over time, over all runs of a simulation: the median as a line, nine tenths of the runs as an area. */
import type { Simulation } from "../api/types";
import { duration } from "../format";
import { Table } from "../parts/table";
import { plural, t } from "../text";
import { tickText, timeTicks, useWidth } from "./paint";

interface Reached { percent: number; t: number; low: number; high: number }

export interface Fan { name: string; simulation: Simulation }

const HEIGHT = 280;
const LEFT = 48;
const BOTTOM = 26;

export function reachedOf(simulation: Simulation): Reached[] {
  return (simulation.summary?.reached ?? []).filter((r): r is Reached => r.percent >= 1 && r.t !== null && r.low !== null && r.high !== null);
}

function Line({ points, x, y, other }: { points: Reached[]; x: (t: number) => number; y: (percent: number) => number; other: boolean }) {
  const mood = other ? " other" : "";
  const step = (pick: (r: Reached) => number) => points.map((r, i) => `${i ? "H" : "M"}${x(pick(r)).toFixed(1)}${i ? "" : "," + y(0)}V${y(r.percent).toFixed(1)}`).join("");
  const back = [...points].reverse().map((r) => `L${x(r.high).toFixed(1)},${y(r.percent).toFixed(1)}`).join("");
  return (
    <>
      <path class={`area${mood}`} d={`${points.map((r, i) => `${i ? "L" : "M"}${x(r.low).toFixed(1)},${y(r.percent).toFixed(1)}`).join("")}${back}Z`} />
      <path class={`line${mood}`} d={step((r) => r.t)} />
    </>
  );
}

/** One simulation, or two beside each other (the second dashed, in the colour of what is safe). */
export function Fans({ fans }: { fans: readonly Fan[] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const all = fans.map((fan) => ({ ...fan, points: reachedOf(fan.simulation) })).filter((fan) => fan.points.length > 0);
  const end = Math.max(1, ...all.flatMap((fan) => fan.points.map((r) => r.high)));
  const x = (time: number) => LEFT + (time / end) * (width - LEFT - 20);
  const y = (percent: number) => HEIGHT - BOTTOM - (percent / 100) * (HEIGHT - BOTTOM - 12);
  if (!all.length) return <p class="note">{t("No run infected anyone else: there is no curve.")}</p>;
  return (
    <figure>
      <figcaption>{t("Infected hosts over time, all runs")}</figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={all.map((fan) => { const last = fan.points[fan.points.length - 1]; return t("{1}: {2} % within {3} in half of the runs.", fan.name, last?.percent ?? 0, duration(last?.t ?? 0)); }).join(" ")}>
            {[0, 25, 50, 75, 100].map((p) => <g key={p}><line class="rule" x1={LEFT} x2={width - 20} y1={y(p)} y2={y(p)} /><text class="quiet end" x={LEFT - 6} y={y(p) + 4}>{`${p} %`}</text></g>)}
            {timeTicks(0, end, (width - LEFT) / 80).map((tick) => <text key={tick} class="quiet middle" x={x(tick)} y={HEIGHT - 8}>{tickText(tick)}</text>)}
            {all.map((fan, i) => <Line key={fan.name} points={fan.points} x={x} y={y} other={i > 0} />)}
            {all.length > 1 && all.map((fan, i) => { const r = fan.points[Math.floor(fan.points.length * (i ? 0.4 : 0.7))]; return r ? <text key={fan.name} class="strong" x={Math.min(x(r.t) + 8, width - 160)} y={y(r.percent) + 18}>{fan.name.length > 32 ? fan.name.slice(0, 31) + "…" : fan.name}</text> : null; })}
          </svg>
        )}
      </div>
      <p class="note">{plural(all[0]?.simulation.runs ?? 0, "Line: median of {1} run. Area: nine tenths of the runs.", "Line: median of {1} runs. Area: nine tenths of the runs.")}</p>
      <details>
        <summary>{t("The runs as a table")}</summary>
        <Table name="reached" keyOf={(row) => `${row.name} ${row.percent}`} rows={all.flatMap((fan) => fan.points.map((r) => ({ ...r, name: fan.name })))} columns={[
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
