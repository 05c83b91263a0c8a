// SPDX-License-Identifier: Apache-2.0
/* uPlot in the colours of the page: made once for each set of data, resized with its place, scaled to the time in sight. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type Colours, FONT, useColours, useWidth } from "./paint";

interface Properties {
  describe: string;
  data: uPlot.AlignedData;
  height: number;
  make: (colours: Colours) => Omit<uPlot.Options, "width" | "height">;
  sight?: readonly [number, number];
  now?: number;
  select?: (t0: number, t1: number) => void;
}

/** An axis in the page's colours. */
export const axis = (colours: Colours, more: uPlot.Axis): uPlot.Axis => ({
  stroke: colours.quiet, font: FONT, grid: { stroke: colours.rule, width: 1 }, ticks: { stroke: colours.rule, width: 1, size: 4 }, ...more,
});

/** The line of the replay lies over the chart, so that moving it draws nothing anew. */
function placeNow(u: uPlot, line: HTMLElement | null, now: number | undefined): void {
  if (!line) return;
  const [t0, t1] = [u.scales.x?.min ?? 0, u.scales.x?.max ?? 0];
  const shown = now !== undefined && now > t0 && now < t1;
  line.hidden = !shown;
  if (!shown) return;
  line.style.transform = `translateX(${u.over.offsetLeft + u.valToPos(now, "x")}px)`;
  line.style.top = `${u.over.offsetTop}px`;
  line.style.height = `${u.over.clientHeight}px`;
}

export function Plot({ describe, data, height, make, sight, now, select }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const colours = useColours();
  const plot = useRef<uPlot | null>(null);
  const line = useRef<HTMLDivElement>(null);
  const moment = useRef(now);
  moment.current = now;
  useEffect(() => {
    const element = box.current;
    if (!element || width === 0) return undefined;
    const options = make(colours);
    const made = new uPlot({
      ...options, width, height, legend: { show: false },
      cursor: { drag: { x: select !== undefined, y: false, setScale: false }, points: { show: false }, ...options.cursor },
      hooks: {
        ...options.hooks,
        draw: [...(options.hooks?.draw ?? []), (u) => placeNow(u, line.current, moment.current)],
        setSelect: [(u) => {
          if (u.select.width < 6 || !select) return;
          select(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    }, data, element);
    if (sight) made.setScale("x", { min: sight[0], max: sight[1] });
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [data, width > 0, colours, height]);
  useEffect(() => { if (width > 0) plot.current?.setSize({ width, height }); }, [width, height]);
  useEffect(() => { if (sight) plot.current?.setScale("x", { min: sight[0], max: sight[1] }); }, [sight?.[0], sight?.[1]]);
  useEffect(() => { if (plot.current) placeNow(plot.current, line.current, now); }, [now]);
  return <div class="chart" ref={box} role="img" aria-label={describe} style={{ minHeight: `${height}px` }}><div class="moment" ref={line} hidden /></div>;
}
