// SPDX-License-Identifier: Apache-2.0
/*
 * Scan raster: time to the right, address upward on a linear axis from /0 to /24, one dot a probe, answered ones larger and in
 * the colour of danger. The server draws tiles of counted cells; while the reader pans, the last tile is moved under the hand
 * (no request, so any number of probes pans alike) and the next is asked for when the hand rests.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { getBytes } from "../api/client";
import { addressNumber, addressText } from "../format";
import { t } from "../text";
import { type Colours, FONT, prepare, savePng, tickLines, timeTicks, useColours, useWidth } from "./paint";

export interface Frame { t0: number; t1: number; a0: number; a1: number }
interface Tile { frame: Frame; picture: HTMLCanvasElement }

const LEFT = 116;
const BOTTOM = 40;
const CELL = 2; /* CSS pixels */
const SPARE = 0.5; /* of the view on each side, so that panning meets no edge */
const TOP_ADDRESS = 4294967295;
const LEAST_ADDRESSES = 255;

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
    const at = (h - 1 - Math.floor(i / w)) * w + (i % w); // addresses go upward
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

function clamp(frame: Frame, whole: Frame): Frame {
  const span = Math.min(Math.max(frame.t1 - frame.t0, (whole.t1 - whole.t0) / 1e5), whole.t1 - whole.t0);
  const size = Math.min(Math.max(frame.a1 - frame.a0, LEAST_ADDRESSES), TOP_ADDRESS);
  const t0 = Math.min(Math.max(frame.t0, whole.t0), whole.t1 - span);
  const a0 = Math.min(Math.max(Math.round(frame.a0), 0), TOP_ADDRESS - size);
  return { t0, t1: t0 + span, a0, a1: a0 + Math.round(size) };
}

function zoom(frame: Frame, time: number, address: number, x: number, y: number): Frame {
  const t = frame.t0 + (frame.t1 - frame.t0) * x;
  const a = frame.a0 + (frame.a1 - frame.a0) * y;
  return { t0: t - (t - frame.t0) * time, t1: t + (frame.t1 - t) * time, a0: a - (a - frame.a0) * address, a1: a + (frame.a1 - a) * address };
}

/** Ticks of the address axis at whole prefixes. */
function addressTicks(frame: Frame, most: number): number[] {
  const span = frame.a1 - frame.a0 + 1;
  let step = 1;
  while (span / step > most) step *= 2;
  const ticks: number[] = [];
  for (let a = Math.ceil(frame.a0 / step) * step; a <= frame.a1; a += step) ticks.push(a);
  return ticks;
}

function draw(canvas: HTMLCanvasElement, colours: Colours, frame: Frame, tile: Tile | null, origin: number, size: { width: number; height: number }): void {
  const c = prepare(canvas, size.width, size.height);
  if (!c) return;
  const [w, h] = [size.width - LEFT, size.height - BOTTOM];
  const x = (time: number) => LEFT + ((time - frame.t0) / (frame.t1 - frame.t0)) * w;
  const y = (a: number) => h - ((a - frame.a0) / (frame.a1 - frame.a0 + 1)) * h;
  c.font = FONT;
  c.strokeStyle = colours.rule;
  c.textBaseline = "middle";
  c.textAlign = "right";
  for (const tick of addressTicks(frame, Math.max(3, h / 44))) {
    const at = Math.round(y(tick)) + 0.5;
    c.beginPath();
    c.moveTo(LEFT, at);
    c.lineTo(size.width, at);
    c.stroke();
    c.fillStyle = colours.quiet;
    c.fillText(addressText(tick), LEFT - 8, Math.min(h - 7, Math.max(8, at)));
  }
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  for (const tick of timeTicks(frame.t0, frame.t1, w / 92)) {
    const at = x(tick);
    const [absolute, relative] = tickLines(origin, tick);
    if (at < LEFT + 26 || at > size.width - 26) continue;
    c.fillStyle = colours.ink;
    c.fillText(relative, at, h + 16);
    c.fillStyle = colours.quiet;
    c.fillText(absolute, at, h + 31);
  }
  if (!tile) return;
  c.save();
  c.beginPath();
  c.rect(LEFT, 0, w, h);
  c.clip();
  c.imageSmoothingEnabled = false;
  const f = tile.frame;
  c.drawImage(tile.picture, x(f.t0), y(f.a1 + 1), x(f.t1) - x(f.t0), y(f.a0) - y(f.a1 + 1));
  c.restore();
}

/** Asks for the tile of a frame, with a margin, when the hand has rested for a moment. */
function useTile(url: string, frame: Frame, width: number, height: number, colours: Colours): { tile: Tile | null; wrong: string } {
  const [tile, setTile] = useState<Tile | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    if (width < 50) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const [dt, da] = [(frame.t1 - frame.t0) * SPARE, Math.floor((frame.a1 - frame.a0) * SPARE)];
      const a0 = Math.max(0, frame.a0 - da);
      const a1 = Math.min(TOP_ADDRESS, frame.a1 + da);
      const [w, h] = [Math.ceil(((width - LEFT) * (1 + 2 * SPARE)) / CELL), Math.ceil((((height - BOTTOM) / CELL) * (a1 - a0 + 1)) / (frame.a1 - frame.a0 + 1))];
      getBytes(`${url}?t0=${frame.t0 - dt}&t1=${frame.t1 + dt}&a0=${a0}&a1=${a1}&w=${w}&h=${h}`, stop.signal).then(
        (bytes) => { setTile(paintTile(bytes, colours)); setWrong(""); },
        (problem: unknown) => { if (!stop.signal.aborted) setWrong(problem instanceof Error ? problem.message : String(problem)); });
    }, 90);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [url, frame.t0, frame.t1, frame.a0, frame.a1, width, height, colours]);
  return { tile, wrong };
}

interface Properties { url: string; origin: number; whole: readonly [number, number]; host: string; describe: string }

/** The prefix a frame is about as wide as. */
const prefixOf = (frame: Frame): number => Math.max(0, Math.min(32, Math.round(32 - Math.log2(frame.a1 - frame.a0 + 1))));

export function Raster({ url, origin, whole, host, describe }: Properties) {
  const all: Frame = { t0: whole[0], t1: Math.max(whole[1], whole[0] + 1), a0: 0, a1: TOP_ADDRESS };
  const own = addressNumber(host) ?? 0;
  const around = (prefix: number): Frame => {
    const size = 2 ** (32 - prefix);
    const a0 = Math.floor(own / size) * size;
    return { ...all, a0, a1: a0 + size - 1 };
  };
  const [frame, setFrame] = useState<Frame>(around(0));
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hand = useRef<{ x: number; y: number; frame: Frame } | null>(null);
  const colours = useColours();
  const height = width < 560 ? 320 : 420;
  const { tile, wrong } = useTile(url, frame, width, height, colours);
  useLayoutEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, colours, frame, tile, origin, { width, height });
  });
  const change = (next: Frame) => setFrame(clamp(next, all));
  const move = (event: PointerEvent) => {
    const start = hand.current;
    if (!start) return;
    const dt = ((event.clientX - start.x) / (width - LEFT)) * (start.frame.t1 - start.frame.t0);
    const da = ((event.clientY - start.y) / (height - BOTTOM)) * (start.frame.a1 - start.frame.a0);
    change({ t0: start.frame.t0 - dt, t1: start.frame.t1 - dt, a0: start.frame.a0 + da, a1: start.frame.a1 + da });
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const place = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const factor = Math.exp(event.deltaY * 0.0016);
    change(zoom(frame, event.shiftKey ? 1 : factor, event.altKey ? 1 : factor, Math.max(0, (event.clientX - place.left - LEFT) / (width - LEFT)), 1 - (event.clientY - place.top) / (height - BOTTOM)));
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
      "+": zoom(frame, 0.5, 0.5, 0.5, 0.5), "-": zoom(frame, 2, 2, 0.5, 0.5), "0": all,
    };
    const wanted = next[event.key];
    if (!wanted) return;
    event.preventDefault();
    change(wanted);
  };
  return (
    <div>
      <div class="bar mini" role="group" aria-label={t("Part of the address space")}>
        {[0, 8, 16, 24].map((prefix) => (
          <button key={prefix} type="button" aria-pressed={prefixOf(frame) === prefix} onClick={() => change({ ...around(prefix), t0: frame.t0, t1: frame.t1 })}>
            {prefix === 0 ? t("all addresses") : `${addressText(around(prefix).a0)}/${prefix}`}
          </button>
        ))}
        <button type="button" onClick={() => change(zoom(frame, 0.5, 0.5, 0.5, 0.5))} aria-label={t("Closer")}>+</button>
        <button type="button" onClick={() => change(zoom(frame, 2, 2, 0.5, 0.5))} aria-label={t("Farther")}>−</button>
        <button type="button" onClick={() => change({ ...frame, t0: all.t0, t1: all.t1 })}>{t("Whole time")}</button>
        <button type="button" onClick={() => savePng(canvas.current, `raster-${host}`)}>PNG</button>
      </div>
      <div ref={box} class="raster" tabIndex={0} role="application" aria-label={describe} onKeyDown={press}>
        <canvas ref={canvas} onPointerDown={(event) => { hand.current = { x: event.clientX, y: event.clientY, frame }; event.currentTarget.setPointerCapture(event.pointerId); }}
          onPointerMove={move} onPointerUp={() => (hand.current = null)} onPointerCancel={() => (hand.current = null)} />
      </div>
      <p class="says note" aria-live="polite">{wrong || t("{1} to {2} (about a /{3}). Drag to move, wheel or + and - to zoom.", addressText(frame.a0), addressText(frame.a1), prefixOf(frame))}</p>
      <div class="keys">
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="7" y="6" width="2.5" height="2.5" fill="var(--untouched)" /></svg>{t("probe without answer")}</span>
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="5" y="4" width="6" height="6" fill="var(--infected)" /></svg>{t("probe that was answered")}</span>
      </div>
    </div>
  );
}
