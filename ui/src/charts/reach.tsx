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
import { spread } from "./spread";

export interface Reach { name: string; points: readonly { t: number; distinct: number }[] }

interface Line { name: string; times: number[]; values: number[]; reference: boolean }

const DASHES = [[7, 3], [2, 3], [9, 3, 2, 3]];

const HEIGHT = 14;
const LEADER = 20; // pixels between the plot and its names
const NAMES_SHARE = 0.4; // of the width, at most

/** How wide the names are, in pixels of the page. */
function namesWidth(lines: readonly Line[]): number {
  const brush = document.createElement("canvas").getContext("2d");
  if (!brush) return 0;
  brush.font = FONT;
  return Math.max(0, ...lines.map((line) => brush.measureText(line.name).width));
}

/** A name that fits, with its end left out when it must. */
function cut(u: uPlot, name: string, wide: number): string {
  let kept = name;
  while (kept.length > 1 && u.ctx.measureText(kept === name ? name : `${kept}…`).width > wide) kept = kept.slice(0, -1);
  return kept === name ? name : `${kept}…`;
}

/** Where a line ends, or leaves what is in sight. */
function endOf(u: uPlot, line: Line): { x: number; y: number } {
  const [tMax, vMax] = [u.scales.x?.max ?? 0, u.scales.y?.max ?? 0];
  let at = line.times.length - 1;
  while (at > 0 && ((line.times[at] ?? 0) > tMax || (line.values[at] ?? 0) > vMax)) at--;
  const [time, value] = [line.times[at] ?? 0, line.values[at] ?? 0];
  const [on, up] = [(line.times[at + 1] ?? time) - time, (line.values[at + 1] ?? value) - value];
  const share = Math.max(0, Math.min(on > 0 ? (tMax - time) / on : 0, up > 0 ? (vMax - value) / up : Infinity));
  return { x: u.valToPos(time + share * on, "x", true), y: u.valToPos(value + share * up, "y", true) };
}

/** Names beside the plot, never over a line: each at the height where its line ends or as near as the others let it, a thin leader to it.
 * Those of sources come first; what finds no room is left to the table. */
function nameLines(u: uPlot, lines: readonly Line[], colours: Colours): void {
  const scale = devicePixelRatio;
  const right = u.bbox.left + u.bbox.width;
  const room = Math.floor(u.bbox.height / (HEIGHT * scale));
  const shown = [...lines].sort((a, b) => Number(a.reference) - Number(b.reference)).slice(0, room);
  const ends = shown.map((line) => endOf(u, line));
  const heights = spread(ends.map((end) => end.y), { least: u.bbox.top + (HEIGHT / 2) * scale, most: u.bbox.top + u.bbox.height - (HEIGHT / 2) * scale, apart: HEIGHT * scale });
  u.ctx.save();
  u.ctx.font = FONT.replace("12px", `${12 * scale}px`);
  u.ctx.textBaseline = "middle";
  u.ctx.textAlign = "left";
  shown.forEach((line, i) => {
    const end = ends[i] ?? { x: right, y: 0 }, y = heights[i] ?? end.y, x = right + LEADER * scale;
    u.ctx.strokeStyle = u.ctx.fillStyle = line.reference ? colours.quiet : colours.infected;
    u.ctx.lineWidth = 0.75 * scale;
    u.ctx.setLineDash([scale, 2 * scale]);
    u.ctx.beginPath();
    u.ctx.moveTo(end.x, end.y);
    u.ctx.lineTo(right, end.y);
    u.ctx.lineTo(x - 2 * scale, y);
    u.ctx.stroke();
    u.ctx.fillText(cut(u, line.name, u.width * scale - x), x, y);
  });
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
  const wide = useMemo(() => namesWidth(lines), [lines]);
  if (!data) return <p class="note">{t("No source searched long enough for a curve.")}</p>;
  return (
    <figure>
      <figcaption>{t("Distinct addresses searched")}</figcaption>
      <Plot data={data} height={280} sight={[0, end * 1.02]}
        describe={t("Up to {1} addresses within {2}, each source from its own start.", grouped(most), duration(end))}
        make={(colours) => ({
          padding: [null, (u) => Math.min(wide + LEADER + 4, u.width * NAMES_SHARE), null, null],
          scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, Math.max(1, Math.min(max, most * 3 || max) * 1.08)] } },
          axes: [
            axis(colours, { splits: (u, _a, t0, t1) => timeTicks(t0, t1, Math.max(2, Math.floor(u.bbox.width / devicePixelRatio / 80))), values: (_u, ticks) => ticks.map(tickText), size: 30 }),
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
