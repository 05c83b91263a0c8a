// SPDX-License-Identifier: Apache-2.0
/* Distinct addresses searched, each source from its own start, over thin reference curves of the catalogue, labelled where they end. */
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { ReferenceCurve } from "../api/types";
import { duration, grouped, near } from "../format";
import { Table } from "../parts/table";
import { t } from "../text";
import { type Colours, FONT, tickText, timeTicks } from "./paint";
import { axis, Plot } from "./plot";

export interface Reach { name: string; points: readonly { t: number; distinct: number }[] }

interface Line { name: string; times: number[]; values: number[]; reference: boolean }

const DASHES = [[7, 3], [2, 3], [9, 3, 2, 3]];

interface Box { x0: number; x1: number; y: number }

const HEIGHT = 14;

/** Names at the ends of the lines; one that would cover another moves up or down, or is left to the table. */
function nameLines(u: uPlot, lines: readonly Line[], colours: Colours): void {
  const scale = devicePixelRatio;
  const taken: Box[] = [];
  const right = u.bbox.left + u.bbox.width;
  const free = (box: Box) => box.y > u.bbox.top && box.y < u.bbox.top + u.bbox.height && taken.every((other) => Math.abs(other.y - box.y) >= HEIGHT * scale || other.x1 < box.x0 || other.x0 > box.x1);
  u.ctx.save();
  u.ctx.font = FONT.replace("12px", `${12 * scale}px`);
  u.ctx.textBaseline = "middle";
  u.ctx.textAlign = "left";
  for (const line of lines) {
    const [tMax, vMax] = [u.scales.x?.max ?? 0, u.scales.y?.max ?? 0];
    let at = line.times.length - 1;
    while (at > 0 && ((line.times[at] ?? 0) > tMax || (line.values[at] ?? 0) > vMax)) at--;
    const wide = u.ctx.measureText(line.name).width;
    const end = u.valToPos(line.times[at] ?? 0, "x", true) + 5 * scale;
    const x0 = Math.min(end, right - wide - 2 * scale);
    const y = u.valToPos(line.values[at] ?? 0, "y", true) - (x0 < end ? HEIGHT * scale : 0);
    const place = [0, -1, 1, -2, 2, -3, 3].map((k) => ({ x0, x1: x0 + wide, y: y + k * HEIGHT * scale })).find(free);
    if (!place) continue;
    taken.push(place);
    u.ctx.fillStyle = line.reference ? colours.quiet : colours.infected;
    u.ctx.fillText(line.name, place.x0, place.y);
  }
  u.ctx.restore();
}

export function ReachCurves({ reaches, references }: { reaches: readonly Reach[]; references: readonly ReferenceCurve[] }) {
  const lines = useMemo<Line[]>(() => [
    ...reaches.filter((r) => r.points.length > 1).map((r, i) => ({ name: i ? near(r.name, reaches[0]?.name) : r.name, times: r.points.map((p) => p.t), values: r.points.map((p) => p.distinct), reference: false })),
    ...references.filter((r) => r.axis === "distinct" && r.points.length > 1).map((r) => ({ name: r.label || r.name, times: r.points.map((p) => p[0]), values: r.points.map((p) => p[1]), reference: true })),
  ], [reaches, references]);
  const data = useMemo(() => (lines.length ? uPlot.join(lines.map((line) => [line.times, line.values] as uPlot.AlignedData)) : null), [lines]);
  const own = lines.filter((line) => !line.reference);
  const end = Math.max(60, ...own.map((line) => line.times[line.times.length - 1] ?? 0));
  const most = Math.max(0, ...own.map((line) => line.values[line.values.length - 1] ?? 0));
  if (!data) return <p class="note">{t("No source searched long enough for a curve.")}</p>;
  return (
    <figure>
      <figcaption>{t("Distinct addresses searched")}</figcaption>
      <Plot data={data} height={280} sight={[0, end * 1.12]}
        describe={t("Up to {1} addresses within {2}, each source from its own start.", grouped(most), duration(end))}
        make={(colours) => ({
          scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, Math.max(1, Math.min(max, most * 3 || max) * 1.08)] } },
          axes: [
            axis(colours, { splits: (u, _a, t0, t1) => timeTicks(t0, t1, Math.floor(u.bbox.width / devicePixelRatio / 80)), values: (_u, ticks) => ticks.map(tickText), size: 30 }),
            axis(colours, { size: 62, values: (_u, ticks) => ticks.map(grouped) }),
          ],
          series: [{}, ...lines.map((line, i) => ({
            stroke: line.reference ? colours.edge : colours.infected, width: line.reference ? 1 : 2, spanGaps: true, points: { show: false },
            dash: line.reference ? DASHES[i % DASHES.length] : undefined,
          }))],
          hooks: { draw: [(u) => nameLines(u, lines, colours)] },
        })} />
      <p class="note">{t("Thick: sources of this outbreak. Thin: reference curves of the catalogue.")}</p>
      <details>
        <summary>{t("The curves as a table")}</summary>
        <Table name="distinct-addresses" keyOf={(row) => `${row.name} ${row.t}`} rows={lines.flatMap((line) => line.times.map((time, i) => ({ name: line.name, t: time, value: line.values[i] ?? 0 })))}
          columns={[
            { title: t("Scanner"), value: (row) => row.name },
            { title: t("After"), value: (row) => row.t, cell: (row) => duration(row.t), figure: true },
            { title: t("Addresses"), value: (row) => row.value, cell: (row) => grouped(row.value), figure: true },
          ]} />
      </details>
    </figure>
  );
}
