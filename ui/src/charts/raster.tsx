// SPDX-License-Identifier: Apache-2.0
/*
 * Scan raster: time to the right, address (or port) upward, one dot a probe, answered ones larger and in the colour of danger. The server draws tiles of counted cells; while the reader pans, the last tile is moved under the hand
 * (no request, so any number of probes pans alike) and the next is asked for when the hand rests.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, getBytes } from "../api/client";
import { useLoad } from "../api/load";
import type { RasterFacts } from "../api/types";
import { grouped, relative } from "../format";
import { Table } from "../parts/table";
import { Show } from "../parts/words";
import { plural, t } from "../text";
import { type Colours, FONT, prepare, savePng, tickLines, timeTicks, useColours, useWidth } from "./paint";
import { clampFrame, type Frame, scanAxis, type ScanAxis, type Tick, zoomFrame } from "./scan-axis";

interface Tile { frame: Frame; picture: HTMLCanvasElement }

const BOTTOM = 40;
const CELL = 2; /* CSS pixels */
const SPARE = 0.5; /* of the view on each side, so that panning meets no edge */
const ITEMS = 200; /* single probes in the table: who wants others comes nearer */

function colourOf(text: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(text)?.[1];
  const n = hex ? parseInt(hex, 16) : 0x808080;
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Cells into a picture: grey by how many probes, answered ones dilated by a cell so that they are seen. */
export function paintTile(bytes: ArrayBuffer, colours: Colours): Tile | null {
  if (bytes.byteLength < 32) return null;
  const head = new DataView(bytes);
  const [w, h] = [head.getUint32(0, true), head.getUint32(4, true)];
  const frame = { t0: head.getFloat64(8, true), t1: head.getFloat64(16, true), a0: head.getUint32(24, true), a1: head.getUint32(28, true) };
  if (!w || !h || bytes.byteLength < 32 + w * h) return null;
  const cells = new Uint8Array(bytes, 32, w * h);
  const picture = document.createElement("canvas");
  picture.width = w;
  picture.height = h;
  const context = picture.getContext("2d");
  if (!context) return null;
  const image = context.createImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  const little = ([r, g, b]: [number, number, number], a: number) => ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;
  const grey = colourOf(colours.untouched);
  const hit = little(colourOf(colours.infected), 255);
  const shades = Array.from({ length: 128 }, (_, n) => little(grey, Math.min(255, 150 + 26 * n)));
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? 0;
    if (cell === 0) continue;
    const at = (h - 1 - Math.floor(i / w)) * w + (i % w); // the lowest place is at the bottom
    if (cell < 128) {
      if (pixels[at] !== hit) pixels[at] = shades[cell] ?? 0;
      continue;
    }
    const x = at % w;
    for (const next of [at, x > 0 ? at - 1 : at, x < w - 1 ? at + 1 : at, at - w, at + w]) if (next >= 0 && next < pixels.length) pixels[next] = hit;
  }
  context.putImageData(image, 0, 0);
  return { frame, picture };
}

interface Size { width: number; height: number; left: number }

/** A label that fits beside the chart: what is too long loses its middle. */
function fitted(c: CanvasRenderingContext2D, text: string, wide: number): string {
  if (c.measureText(text).width <= wide) return text;
  let keep = text.length;
  const cut = () => `${text.slice(0, Math.ceil(keep / 2))}…${text.slice(text.length - Math.floor(keep / 2))}`;
  while (keep > 2 && c.measureText(cut()).width > wide) keep--;
  return cut();
}

function draw(canvas: HTMLCanvasElement, colours: Colours, frame: Frame, tile: Tile | null, origin: number, ticks: readonly Tick[], size: Size): void {
  const c = prepare(canvas, size.width, size.height);
  if (!c) return;
  const left = size.left;
  const [w, h] = [size.width - left, size.height - BOTTOM];
  const x = (time: number) => left + ((time - frame.t0) / (frame.t1 - frame.t0)) * w;
  const y = (a: number) => h - ((a - frame.a0) / (frame.a1 - frame.a0 + 1)) * h;
  c.font = FONT;
  c.strokeStyle = colours.rule;
  c.textBaseline = "middle";
  c.textAlign = "right";
  for (const tick of ticks) {
    const at = Math.round(y(tick.at)) + 0.5;
    c.beginPath();
    c.moveTo(left, at);
    c.lineTo(size.width, at);
    c.stroke();
    c.fillStyle = colours.quiet;
    c.fillText(fitted(c, tick.text, left - 12), left - 8, Math.min(h - 7, Math.max(8, at)));
  }
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  for (const tick of timeTicks(frame.t0, frame.t1, w / 92)) {
    const at = x(tick);
    const [absolute, relative] = tickLines(origin, tick);
    if (at < left + 26 || at > size.width - 26) continue;
    c.fillStyle = colours.ink;
    c.fillText(relative, at, h + 16);
    c.fillStyle = colours.quiet;
    c.fillText(absolute, at, h + 31);
  }
  if (!tile) return;
  c.save();
  c.beginPath();
  c.rect(left, 0, w, h);
  c.clip();
  c.imageSmoothingEnabled = false;
  const f = tile.frame;
  c.drawImage(tile.picture, x(f.t0), y(f.a1 + 1), x(f.t1) - x(f.t0), y(f.a0) - y(f.a1 + 1));
  c.restore();
}

interface Seen { tile: Tile | null; facts: RasterFacts | null; wrong: string }

/** Asks for the tile of a frame, with a margin, and for what is in the frame as facts, when the hand has rested for a moment. */
function useSeen(url: string, frame: Frame, top: number, size: Size, colours: Colours): Seen {
  const [seen, setSeen] = useState<Seen>({ tile: null, facts: null, wrong: "" });
  const { width, height, left } = size;
  useEffect(() => {
    if (width < 50) return undefined;
    const stop = new AbortController();
    const fail = (problem: unknown) => { if (!stop.signal.aborted) setSeen((old) => ({ ...old, wrong: problem instanceof Error ? problem.message : String(problem) })); };
    const timer = setTimeout(() => {
      const [dt, da] = [(frame.t1 - frame.t0) * SPARE, Math.floor((frame.a1 - frame.a0) * SPARE)];
      const a0 = Math.max(0, frame.a0 - da);
      const a1 = Math.min(top, frame.a1 + da);
      const [w, h] = [Math.ceil(((width - left) * (1 + 2 * SPARE)) / CELL), Math.ceil((((height - BOTTOM) / CELL) * (a1 - a0 + 1)) / (frame.a1 - frame.a0 + 1))];
      getBytes(`${url}/raster?t0=${frame.t0 - dt}&t1=${frame.t1 + dt}&a0=${a0}&a1=${a1}&w=${w}&h=${h}`, stop.signal).then(
        (bytes) => setSeen((old) => ({ ...old, tile: paintTile(bytes, colours), wrong: "" })), fail);
      get<RasterFacts>(`${url}/probes?t0=${frame.t0}&t1=${frame.t1}&a0=${frame.a0}&a1=${frame.a1}&items=${ITEMS}`, stop.signal).then(
        (facts) => setSeen((old) => ({ ...old, facts })), fail);
    }, 90);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [url, frame.t0, frame.t1, frame.a0, frame.a1, width, height, left, colours]);
  return seen;
}

/** The frame as a table: what was tried in each part of the axis, with a way nearer, and the first probes one by one. */
function InSight({ facts, axis, nearer }: { facts: RasterFacts; axis: ScanAxis; nearer: (a0: number, a1: number) => void }) {
  const ports = axis.kind === "ports";
  const name = (part: RasterFacts["parts"][number]) => part.prefix ?? (part.from === part.to ? part.from : t("{1} to {2}", part.from, part.to));
  return (
    <details>
      <summary>{t("What is in sight as a table")}</summary>
      <Table name="raster-parts" rows={facts.parts} keyOf={(part) => part.a0} columns={[
        { title: ports ? t("Ports") : t("Addresses"), value: (part) => part.a0, cell: name, short: true },
        { title: t("Probes"), value: (part) => part.probes, cell: (part) => grouped(part.probes), figure: true },
        { title: t("Answered"), value: (part) => part.answered, cell: (part) => grouped(part.answered), figure: true },
        { title: t("First"), value: (part) => part.first_t, cell: (part) => relative(part.first_t), figure: true },
        { title: t("Last"), value: (part) => part.last_t, cell: (part) => relative(part.last_t), figure: true },
        { title: t("Nearer"), value: () => "", short: true, cell: (part) => (part.a1 - part.a0 < axis.least || facts.parts.length < 2 ? "" :
          <button type="button" class="plain" aria-label={t("Show {1} only", name(part))} onClick={() => nearer(part.a0, part.a1)}>{t("show only")}</button>) },
      ]} />
      <Table name="raster-probes" rows={facts.items} keyOf={(item) => `${item.t} ${item.target}`} columns={[
        { title: t("Time"), value: (item) => item.t, cell: (item) => relative(item.t), figure: true },
        { title: ports ? t("Port") : t("Address"), value: (item) => item.target },
        { title: t("Answered"), value: (item) => (item.answered ? t("yes") : t("no")) },
      ]} />
      {facts.probes > facts.items.length && <p class="note">{t("The first {1} of {2} probes in sight: come nearer for others.", grouped(facts.items.length), grouped(facts.probes))}</p>}
    </details>
  );
}

interface Properties { url: string; origin: number; whole: readonly [number, number]; host: string; describe: string }

function AxisNotes({ axis, whole }: { axis: ScanAxis; whole: RasterFacts }) {
  return (
    <>
      {axis.kind === "ipv6" && <p class="note">{t("The axis holds the addresses that were tried, in their order; the space between them is left out.")}</p>}
      {whole.seen > whole.kept && <p class="note">{t("The first {1} of {2} probes are drawn.", grouped(whole.kept), grouped(whole.seen))}</p>}
    </>
  );
}

function Drawn({ url, origin, whole, host, describe, facts: all }: Properties & { facts: RasterFacts }) {
  const axis = useMemo(() => scanAxis(host, all), [host, all]);
  const bounds: Frame = { t0: all.t0, t1: Math.max(all.t1, all.t0 + 1), a0: 0, a1: axis.top };
  const [frame, setFrame] = useState<Frame>(() => clampFrame({ t0: whole[0], t1: Math.max(whole[1], whole[0] + 1), ...axis.opens }, bounds, axis.least));
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hand = useRef<{ x: number; y: number; frame: Frame } | null>(null);
  const colours = useColours();
  const size: Size = { width, height: width < 560 ? 320 : 420, left: Math.min(axis.gutter, Math.round(width * 0.4)) };
  const { left, height } = size;
  const { tile, facts, wrong } = useSeen(url, frame, axis.top, size, colours);
  useLayoutEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, colours, frame, tile, origin, axis.ticks(frame, Math.max(3, (height - BOTTOM) / 44), facts), size);
  });
  const change = (next: Frame) => setFrame(clampFrame(next, bounds, axis.least));
  const move = (event: PointerEvent) => {
    const start = hand.current;
    if (!start) return;
    const dt = ((event.clientX - start.x) / (width - left)) * (start.frame.t1 - start.frame.t0);
    const da = ((event.clientY - start.y) / (height - BOTTOM)) * (start.frame.a1 - start.frame.a0);
    change({ t0: start.frame.t0 - dt, t1: start.frame.t1 - dt, a0: start.frame.a0 + da, a1: start.frame.a1 + da });
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const place = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const factor = Math.exp(event.deltaY * 0.0016);
    change(zoomFrame(frame, event.shiftKey ? 1 : factor, event.altKey ? 1 : factor, Math.max(0, (event.clientX - place.left - left) / (width - left)), 1 - (event.clientY - place.top) / (height - BOTTOM)));
  };
  useEffect(() => {
    const element = canvas.current;
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  });
  const press = (event: KeyboardEvent) => {
    const [dt, da] = [(frame.t1 - frame.t0) * 0.2, (frame.a1 - frame.a0) * 0.2];
    const next: Record<string, Frame> = {
      ArrowLeft: { ...frame, t0: frame.t0 - dt, t1: frame.t1 - dt }, ArrowRight: { ...frame, t0: frame.t0 + dt, t1: frame.t1 + dt },
      ArrowUp: { ...frame, a0: frame.a0 + da, a1: frame.a1 + da }, ArrowDown: { ...frame, a0: frame.a0 - da, a1: frame.a1 - da },
      "+": zoomFrame(frame, 0.5, 0.5, 0.5, 0.5), "-": zoomFrame(frame, 2, 2, 0.5, 0.5), "0": bounds,
    };
    const wanted = next[event.key];
    if (!wanted) return;
    event.preventDefault();
    change(wanted);
  };
  const shown = (a0: number, a1: number) => frame.a0 === a0 && frame.a1 === a1;
  return (
    <div>
      <div class="bar mini" role="group" aria-label={axis.kind === "ports" ? t("Part of the ports") : t("Part of the address space")}>
        {axis.stretches.map((one) => (
          <button key={one.name} type="button" aria-pressed={shown(one.a0, one.a1)} onClick={() => change({ ...frame, a0: one.a0, a1: one.a1 })}>{one.name}</button>
        ))}
        <button type="button" onClick={() => change(zoomFrame(frame, 0.5, 0.5, 0.5, 0.5))} aria-label={t("Closer")}>+</button>
        <button type="button" onClick={() => change(zoomFrame(frame, 2, 2, 0.5, 0.5))} aria-label={t("Farther")}>−</button>
        <button type="button" onClick={() => change({ ...frame, t0: bounds.t0, t1: bounds.t1 })}>{t("Whole time")}</button>
        <button type="button" onClick={() => savePng(canvas.current, `raster-${host}`)}>PNG</button>
      </div>
      <div ref={box} class="raster" tabIndex={0} role="application" aria-label={describe} onKeyDown={press}>
        <canvas ref={canvas} onPointerDown={(event) => { hand.current = { x: event.clientX, y: event.clientY, frame }; event.currentTarget.setPointerCapture(event.pointerId); }}
          onPointerMove={move} onPointerUp={() => (hand.current = null)} onPointerCancel={() => (hand.current = null)} />
      </div>
      <p class="says note" aria-live="polite">
        {wrong || axis.says(frame, facts)} {facts && !wrong && plural(facts.probes, "{1} probe in sight, {2} answered.", "{1} probes in sight, {2} answered.", grouped(facts.answered))}
      </p>
      <AxisNotes axis={axis} whole={all} />
      <div class="keys">
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="7" y="6" width="2.5" height="2.5" fill="var(--untouched)" /></svg>{t("probe without answer")}</span>
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="5" y="4" width="6" height="6" fill="var(--infected)" /></svg>{t("probe that was answered")}</span>
      </div>
      {facts && <InSight facts={facts} axis={axis} nearer={(a0, a1) => change({ ...frame, a0, a1 })} />}
    </div>
  );
}

/** The raster of one source; `url` is that of the source in the API. */
export function Raster(properties: Properties) {
  const loaded = useLoad<RasterFacts>(`${properties.url}/probes?parts=64`);
  return (
    <Show loaded={loaded}>{(facts) => (facts.kept ? <Drawn {...properties} facts={facts} />
      : <p class="note">{t("No single probe of this source was kept, so there is nothing to draw. A watch keeps none of a search through ports; analyse its capture instead.")}</p>)}</Show>
  );
}
