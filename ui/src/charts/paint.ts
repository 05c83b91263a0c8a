// SPDX-License-Identifier: Apache-2.0
/* What the charts on canvas share: colours from the style sheet, size, ticks of the time axis. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock, duration } from "../format";
import { download } from "../parts/download";
import { t } from "../text";

export interface Colours {
  ground: string; soft: string; ink: string; quiet: string; rule: string; edge: string;
  infected: string; attempted: string; zero: string; untouched: string; safe: string;
}

const NAMES = ["ground", "soft", "ink", "quiet", "rule", "edge", "infected", "attempted", "zero", "untouched", "safe"] as const;

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as unknown as Colours;
}

/** The colours of the theme; renders anew when it changes, also for print. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const look = () => setColours(readColours());
    const queries = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
    queries.forEach((query) => query.addEventListener("change", look));
    const watch = new MutationObserver(look);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      queries.forEach((query) => query.removeEventListener("change", look));
      watch.disconnect();
    };
  }, []);
  return colours;
}

/** The width of an element, kept up to date; 0 before it is known. */
export function useWidth<E extends HTMLElement>(): [RefObject<E>, number] {
  const box = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    setWidth(Math.floor(element.clientWidth));
    const watch = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

/** Sets the size of a canvas in CSS pixels and gives its context, scaled for the screen and cleared. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const scale = window.devicePixelRatio || 1;
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(scale, 0, 0, scale, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", sans-serif';

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800,
  21600, 43200, 86400, 172800, 604800, 2592000, 7776000, 31536000];

/** Steps of a time axis: at most `most` of them between t0 and t1, at whole units. */
export function timeTicks(t0: number, t1: number, most: number): number[] {
  const step = STEPS.find((s) => (t1 - t0) / s <= Math.max(1, most)) ?? (t1 - t0) / Math.max(1, most);
  const ticks: number[] = [];
  for (let n = Math.ceil(t0 / step); n * step <= t1 + step * 1e-9; n++) ticks.push(n * step);
  return ticks;
}

/** A tick in short: +40 s, +5:30, +5 min, +1 h 20 min. */
export function tickText(at: number): string {
  const size = Math.abs(at);
  const sign = at < 0 ? "−" : "+";
  if (size < 60) return sign + t("{1} s", Number(size.toFixed(3)));
  if (size < 3600) return sign + (size % 60 ? `${Math.floor(size / 60)}:${String(Math.round(size % 60)).padStart(2, "0")}` : t("{1} min", Math.round(size / 60)));
  const rest = size % 86400;
  if (size % (size < 86400 ? 60 : 3600) < 1e-6) return sign + duration(size);
  const days = size >= 86400 ? `${t("{1} d", Math.floor(size / 86400))} ` : "";
  const seconds = Number((rest % 60).toFixed(3));
  return `${sign}${days}${Math.floor(rest / 3600)}:${String(Math.floor((rest % 3600) / 60)).padStart(2, "0")}:${seconds < 10 ? "0" : ""}${seconds}`;
}

/** Absolute and relative, one above the other; parts of a second where the marks stand as near as that. */
export function tickLines(origin: number, at: number): [string, string] {
  if (!Number.isFinite(origin)) return ["", tickText(at)];
  const ms = origin + at * 1000;
  const part = Math.round(ms) % 1000;
  const whole = Math.abs(at * 1000 - Math.round(at) * 1000) < 0.5; // the first packet may lie within a second, as all marks then do
  return [whole || !part ? clock(ms) : clock(ms).replace("Z", `.${String(part).padStart(3, "0")}Z`), tickText(at)];
}

/** Hands a chart to the reader as a PNG file, on the ground of the page. */
export function savePng(chart: HTMLCanvasElement | null | undefined, name: string): void {
  if (!chart) return;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [chart.width, chart.height];
  const context = copy.getContext("2d");
  if (!context) return;
  context.fillStyle = readColours().ground;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(chart, 0, 0);
  copy.toBlob((blob) => { if (blob) download(`${name}.png`, "image/png", blob); });
}
