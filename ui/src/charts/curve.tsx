// SPDX-License-Identifier: Apache-2.0
/* The epidemic curve: infected hosts as steps, never smoothed, and new infections in bars of a minute (or what fits the time). */
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { CurvePoint } from "../api/types";
import { clock, duration, grouped, relative } from "../format";
import { plural, t } from "../text";
import { Table } from "../parts/table";
import { tickLines, timeTicks } from "./paint";
import { axis, Plot } from "./plot";
import type { View } from "./view";

const BINS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 86400];
const MOST_BARS = 240;

export interface Bar { t: number; fresh: number; total: number }

/** Bars of one minute when there are at most MOST_BARS of them; of a short outbreak shorter ones, so that there is a shape. */
export function barWidth(span: number): number {
  const least = span < 120 ? 1 : span < 300 ? 10 : 60;
  return BINS.find((bin) => bin >= least && span / bin <= MOST_BARS) ?? Math.ceil(span / MOST_BARS / 86400) * 86400;
}

export function makeBars(curve: readonly CurvePoint[], width: number): Bar[] {
  const bars: Bar[] = [];
  let before = 0;
  for (const point of curve) {
    const start = Math.floor(point.t / width) * width;
    let bar = bars[bars.length - 1];
    if (!bar || bar.t !== start) {
      bar = { t: start, fresh: 0, total: before };
      bars.push(bar);
    }
    bar.fresh += point.infected - before;
    bar.total = point.infected;
    before = point.infected;
  }
  return bars;
}

export const timeAxis = (view: View): Pick<uPlot.Axis, "splits" | "values" | "size" | "space"> => ({
  splits: (u, _axis, t0, t1) => timeTicks(t0, t1, Math.max(2, Math.floor(u.bbox.width / devicePixelRatio / 92))),
  values: (_u, ticks) => ticks.map((tick) => { const [absolute, rel] = tickLines(view.origin, tick); return `${rel}\n${absolute}`; }),
  size: 44,
  space: 60,
});

const whole = (_u: uPlot, ticks: number[]): string[] => ticks.map((v) => (Number.isInteger(v) ? grouped(v) : ""));

export function Curve({ curve, view }: { curve: readonly CurvePoint[]; view: View }) {
  const width = barWidth(view.whole[1] - view.whole[0]);
  const bars = useMemo(() => makeBars(curve, width), [curve, width]);
  const steps = useMemo<uPlot.AlignedData>(() => {
    const last = curve[curve.length - 1]?.infected ?? 0;
    return [[view.whole[0], ...curve.map((p) => p.t), view.whole[1]], [0, ...curve.map((p) => p.infected), last]];
  }, [curve, view.whole[0], view.whole[1]]);
  const columns = useMemo<uPlot.AlignedData>(() => {
    const t0 = Math.floor(view.whole[0] / width) * width;
    const count = Math.max(1, Math.ceil((view.whole[1] - t0) / width));
    const fresh = new Array<number>(count).fill(0);
    for (const bar of bars) fresh[Math.min(count - 1, Math.max(0, Math.round((bar.t - t0) / width)))] = bar.fresh;
    return [fresh.map((_, i) => t0 + (i + 0.5) * width), fresh];
  }, [bars, width, view.whole[0], view.whole[1]]);
  const total = curve[curve.length - 1]?.infected ?? 0;
  const most = bars.reduce((max, bar) => Math.max(max, bar.fresh), 0);
  const table = useMemo(() => (
    <details>
      <summary>{t("The curve as a table")}</summary>
      <Table name="epidemic-curve" rows={bars} keyOf={(bar) => bar.t} columns={[
        { title: t("Beginning"), value: (bar) => clock(view.origin + bar.t * 1000, true) },
        { title: t("After"), value: (bar) => bar.t, cell: (bar) => relative(bar.t), figure: true },
        { title: t("New"), value: (bar) => bar.fresh, figure: true },
        { title: t("In total"), value: (bar) => bar.total, figure: true },
      ]} />
    </details>
  ), [bars, view.origin]);
  const select = (t0: number, t1: number) => view.setSight([t0, t1]);
  return (
    <>
      <div class="two">
        <figure>
          <figcaption>{t("Epidemic curve: infected hosts over time")}</figcaption>
          <Plot data={steps} height={230} sight={view.sight} now={view.now} select={select}
            describe={plural(total, "{1} host infected {2} after the first.", "{1} hosts infected {2} after the first.", duration((curve[curve.length - 1]?.t ?? 0) - (curve[0]?.t ?? 0)))}
            make={(colours) => ({
              scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.06)] } },
              axes: [axis(colours, timeAxis(view)), axis(colours, { size: 52, values: whole })],
              series: [{}, { stroke: colours.infected, width: 2, fill: colours.infected + "1f", paths: uPlot.paths.stepped?.({ align: 1 }), points: { show: false } }],
            })} />
        </figure>
        <figure>
          <figcaption>{t("New infections per {1}", duration(width))}</figcaption>
          <Plot data={columns} height={230} sight={view.sight} now={view.now} select={select}
            describe={t("At most {1} in one part of {2}.", grouped(most), duration(width))}
            make={(colours) => ({
              scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.06)] } },
              axes: [axis(colours, timeAxis(view)), axis(colours, { size: 52, values: whole })],
              series: [{}, { stroke: colours.infected, width: 0, fill: colours.infected, paths: uPlot.paths.bars?.({ size: [0.86, 60], align: 0 }), points: { show: false } }],
            })} />
        </figure>
      </div>
      {table}
    </>
  );
}
