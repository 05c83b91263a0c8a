// SPDX-License-Identifier: Apache-2.0
/*
 * Rows over time on a canvas: labels at the left, the page's time axis above, only the rows in sight are drawn.
 * Dragging over it (or + and - on the keyboard) narrows the time in sight on every chart of the page; up and down choose
 * a row, Enter opens it. What is drawn into the rows is the caller's.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Colours, FONT, prepare, tickLines, timeTicks, useColours, useWidth } from "./paint";
import type { View } from "./view";

export interface Stage {
  context: CanvasRenderingContext2D;
  colours: Colours;
  left: number; /* where the labels end */
  width: number;
  top: number; /* where the axis ends */
  height: number;
  rowHeight: number;
  first: number; /* rows in sight */
  last: number;
  x: (t: number) => number;
  y: (row: number) => number; /* middle of a row */
}

interface Properties {
  view: View;
  count: number;
  label: (row: number) => string;
  describe: string; /* the chart in words */
  paint: (stage: Stage) => void;
  chosen: number;
  choose: (row: number) => void;
  open: (row: number) => void;
  emphasis?: (row: number) => "strong" | "quiet" | "";
  rowHeight?: number;
  most?: number; /* pixels */
}

const AXIS = 36;

function paintAxis(stage: Stage, view: View): void {
  const { context: c, colours, left, width, height, x } = stage;
  const [t0, t1] = view.sight;
  c.fillStyle = colours.ground;
  c.fillRect(0, 0, width, AXIS);
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  const ticks = timeTicks(t0, t1, Math.floor((width - left) / (width < 560 ? 68 : 92)));
  for (const tick of ticks) {
    const at = x(tick);
    const [absolute, relative] = tickLines(view.origin, tick);
    c.strokeStyle = colours.rule;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(Math.round(at) + 0.5, AXIS - 3);
    c.lineTo(Math.round(at) + 0.5, height);
    c.globalAlpha = 0.6;
    c.stroke();
    c.globalAlpha = 1;
    if (at < left + 24 || at > width - 26) continue;
    c.fillStyle = colours.ink;
    c.fillText(relative, at, 14);
    c.fillStyle = colours.quiet;
    c.fillText(absolute, at, 29);
  }
}

function paintLabels(stage: Stage, properties: Properties): void {
  const { context: c, colours, left, top, first, last, rowHeight, y } = stage;
  c.textAlign = "left";
  c.textBaseline = "middle";
  c.fillStyle = colours.ground;
  c.fillRect(0, top, left, stage.height - top);
  for (let row = first; row < last; row++) {
    const emphasis = properties.emphasis?.(row) ?? "";
    c.fillStyle = emphasis === "quiet" ? colours.quiet : colours.ink;
    c.font = emphasis === "strong" ? FONT.replace("12px", "600 12px") : FONT;
    c.fillText(properties.label(row), 6, y(row) + 0.5, left - 10);
    if (row === properties.chosen) {
      c.strokeStyle = colours.safe;
      c.lineWidth = 2;
      c.strokeRect(1, y(row) - rowHeight / 2 + 1, stage.width - 2, rowHeight - 2);
    }
  }
  c.font = FONT;
}

function paintNow(stage: Stage, view: View, brush: readonly [number, number] | null): void {
  const { context: c, colours, left, height, width, x } = stage;
  if (brush) {
    c.fillStyle = colours.safe;
    c.globalAlpha = 0.15;
    c.fillRect(Math.min(...brush), AXIS, Math.abs(brush[1] - brush[0]), height);
    c.globalAlpha = 1;
  }
  const at = x(view.now);
  if (at < left || at > width || view.now >= view.whole[1]) return;
  c.strokeStyle = colours.ink;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(at, AXIS - 6);
  c.lineTo(at, height);
  c.stroke();
}

function makeStage(context: CanvasRenderingContext2D, colours: Colours, p: Properties, size: { width: number; height: number; scroll: number }): Stage {
  const rowHeight = p.rowHeight ?? 22;
  const left = size.width < 560 ? 104 : 140;
  const [t0, t1] = p.view.sight;
  const scale = (size.width - left - 14) / Math.max(1e-9, t1 - t0);
  const first = Math.max(0, Math.floor(size.scroll / rowHeight));
  return {
    context, colours, left, width: size.width, top: AXIS, height: size.height, rowHeight, first,
    last: Math.min(p.count, first + Math.ceil((size.height - AXIS) / rowHeight) + 1),
    x: (t) => left + (t - t0) * scale, y: (row) => AXIS + (row + 0.5) * rowHeight - size.scroll,
  };
}

function draw(canvas: HTMLCanvasElement, colours: Colours, p: Properties, size: { width: number; height: number; scroll: number }, brush: readonly [number, number] | null): void {
  const context = prepare(canvas, size.width, size.height);
  if (!context) return;
  context.font = FONT;
  const stage = makeStage(context, colours, p, size);
  paintAxis(stage, p.view);
  context.save();
  context.beginPath();
  context.rect(stage.left, AXIS, size.width - stage.left, size.height - AXIS);
  context.clip();
  p.paint(stage);
  paintNow(stage, p.view, brush);
  context.restore();
  context.save();
  context.beginPath();
  context.rect(0, AXIS, size.width, size.height - AXIS);
  context.clip();
  paintLabels(stage, p);
  context.restore();
}

/** Narrows (factor < 1) or widens the time in sight around its middle. */
function zoom(view: View, factor: number): void {
  const [t0, t1] = view.sight;
  const middle = (t0 + t1) / 2;
  view.setSight([middle - ((t1 - t0) / 2) * factor, middle + ((t1 - t0) / 2) * factor]);
}

function pan(view: View, share: number): void {
  const [t0, t1] = view.sight;
  const by = Math.max(view.whole[0] - t0, Math.min(view.whole[1] - t1, (t1 - t0) * share));
  view.setSight([t0 + by, t1 + by]);
}

/** What the keys do; true when the key meant something here. */
function press(event: KeyboardEvent, p: Properties): boolean {
  const page = 10;
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -p.count, End: p.count };
  const move = moves[event.key];
  if (move !== undefined) p.choose(Math.max(0, Math.min(p.count - 1, p.chosen + move)));
  else if (event.key === "Enter" && p.chosen >= 0) p.open(p.chosen);
  else if (event.key === "+") zoom(p.view, 0.5);
  else if (event.key === "-") zoom(p.view, 2);
  else if (event.key === "0") p.view.setSight(null);
  else if (event.key === "ArrowLeft") pan(p.view, -0.25);
  else if (event.key === "ArrowRight") pan(p.view, 0.25);
  else if (event.key === " ") p.view.setPlaying(!p.view.playing);
  else return false;
  return true;
}

/** Drag over time, click on a row, double click to open it. */
function usePointer(p: Properties, width: number, rowHeight: number, scroll: () => number) {
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const left = width < 560 ? 104 : 140;
  const place = (event: MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, row: Math.floor((event.clientY - box.top - AXIS + scroll()) / rowHeight) };
  };
  const time = (x: number) => {
    const [t0, t1] = p.view.sight;
    return t0 + ((x - left) / Math.max(1, width - left - 14)) * (t1 - t0);
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const { x } = place(event);
    if (x > left) setBrush([x, x]);
  };
  const move = (event: PointerEvent) => brush && setBrush([brush[0], Math.max(left, place(event).x)]);
  const up = () => {
    if (brush && Math.abs(brush[1] - brush[0]) > 6) p.view.setSight([time(Math.min(...brush)), time(Math.max(...brush))]);
    setBrush(null);
  };
  const click = (event: MouseEvent) => {
    const { row } = place(event);
    if (row >= 0 && row < p.count) p.choose(row);
  };
  const twice = (event: MouseEvent) => {
    const { row } = place(event);
    if (row >= 0 && row < p.count) p.open(row);
  };
  return { brush, handlers: { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerLeave: up, onClick: click, onDblClick: twice } };
}

/** Whether the chart is on the screen: what is not needs no frame of a replay. */
function useOnScreen(box: { readonly current: HTMLElement | null }): { readonly current: boolean } {
  const seen = useRef(true);
  useEffect(() => {
    if (!box.current) return undefined;
    const watch = new IntersectionObserver((entries) => { seen.current = entries.some((entry) => entry.isIntersecting); }, { rootMargin: "80px" });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return seen;
}

export function Rows(p: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useColours();
  const [scroll, setScroll] = useState(0);
  const rowHeight = p.rowHeight ?? 22;
  const whole = AXIS + p.count * rowHeight + 4;
  const height = Math.min(whole, p.most ?? 520);
  const { brush, handlers } = usePointer(p, width, rowHeight, () => box.current?.scrollTop ?? 0);
  const seen = useOnScreen(box);
  useLayoutEffect(() => {
    if (canvas.current && width > 0 && (seen.current || !p.view.playing)) draw(canvas.current, colours, p, { width, height, scroll }, brush);
  });
  useEffect(() => {
    const element = box.current;
    if (!element || p.chosen < 0) return;
    const top = p.chosen * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight + AXIS > element.scrollTop + height) element.scrollTop = top + rowHeight + AXIS - height + 4;
  }, [p.chosen]);
  return (
    <div class="rows" ref={box} style={{ height: `${height + 2}px` }} tabIndex={0} role="application" aria-label={p.describe}
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)} onKeyDown={(event) => { if (press(event, p)) event.preventDefault(); }}>
      <canvas ref={canvas} {...handlers} />
      <div style={{ height: `${Math.max(0, whole - height)}px` }} />
    </div>
  );
}
