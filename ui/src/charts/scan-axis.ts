// SPDX-License-Identifier: Apache-2.0
/*
 * The upward axis of a scan raster: IPv4 addresses, the ports of one host, or the IPv6 addresses that were tried, in their
 * order (what is tried of 2^128 would have no shape on a linear axis). A place on it is a whole number from 0 on.
 */
import type { RasterFacts } from "../api/types";
import { addressNumber, addressText, grouped } from "../format";
import { t } from "../text";

export interface Frame { t0: number; t1: number; a0: number; a1: number }
export interface Tick { at: number; text: string }
export interface Stretch { name: string; a0: number; a1: number }

export interface ScanAxis {
  kind: RasterFacts["axis"];
  top: number; /* the last place */
  least: number; /* as near as one can come: places beyond the first */
  gutter: number; /* pixels for its labels */
  ticks: (frame: Frame, most: number, facts: RasterFacts | null) => Tick[];
  /** The frame in words. */
  says: (frame: Frame, facts: RasterFacts | null) => string;
  /** What is in sight first. */
  opens: { a0: number; a1: number };
  /** Where one button leads. */
  stretches: readonly Stretch[];
}

function ticksBy(frame: Frame, steps: Iterable<number>, most: number, text: (at: number) => string): Tick[] {
  let step = 1;
  for (step of steps) if ((frame.a1 - frame.a0 + 1) / step <= most) break;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(frame.a0 / step) * step; at <= frame.a1; at += step) ticks.push({ at, text: text(at) });
  return ticks;
}

function* doubling(): Generator<number> {
  for (let step = 1; step < 2 ** 33; step *= 2) yield step;
}

function* rounding(): Generator<number> {
  for (let step = 1; step < 1e6; step *= 10) yield* [step, 2 * step, 5 * step];
}

/** The length of prefix that a frame is about as wide as. */
export const prefixOf = (frame: Frame): number => Math.max(0, Math.min(32, Math.round(32 - Math.log2(frame.a1 - frame.a0 + 1))));

function ofAddresses(host: string): ScanAxis {
  const own = addressNumber(host) ?? 0;
  const stretches = [0, 8, 16, 24].map((prefix) => {
    const size = 2 ** (32 - prefix);
    const a0 = Math.floor(own / size) * size;
    return { name: prefix ? `${addressText(a0)}/${prefix}` : t("all addresses"), a0, a1: a0 + size - 1 };
  });
  return {
    kind: "ipv4", opens: { a0: 0, a1: 4294967295 }, top: 4294967295, least: 255, gutter: 116, stretches,
    ticks: (frame, most) => ticksBy(frame, doubling(), most, addressText),
    says: (frame) => t("{1} to {2} (about a /{3}). Drag to move, wheel or + and - to zoom.", addressText(frame.a0), addressText(frame.a1), prefixOf(frame)),
  };
}

function ofPorts(whole: RasterFacts): ScanAxis {
  const tried = { a0: whole.parts[0]?.a0 ?? 0, a1: whole.parts[whole.parts.length - 1]?.a1 ?? 65535 };
  return {
    kind: "ports", opens: tried, top: 65535, least: 15, gutter: 64,
    stretches: [{ name: t("all ports"), a0: 0, a1: 65535 }, { name: t("ports {1} to {2}", "0", "1,023"), a0: 0, a1: 1023 }],
    ticks: (frame, most) => ticksBy(frame, rounding(), most, String),
    says: (frame) => t("Ports {1} to {2}. Drag to move, wheel or + and - to zoom.", frame.a0, frame.a1),
  };
}

const LETTER = 7; /* pixels, about */

function ofNames(places: number, whole: RasterFacts): ScanAxis {
  const text = (part: RasterFacts["parts"][number]) => part.prefix ?? part.from;
  const longest = Math.max(8, ...whole.parts.map((part) => text(part).length));
  return {
    kind: "ipv6", opens: { a0: 0, a1: Math.max(1, places - 1) }, top: Math.max(1, places - 1), least: Math.min(15, Math.max(1, places - 1)), gutter: Math.min(230, 16 + longest * LETTER),
    stretches: [{ name: t("all addresses"), a0: 0, a1: Math.max(1, places - 1) }],
    ticks: (frame, most, facts) => {
      const room = (frame.a1 - frame.a0 + 1) / Math.max(1, most) / 2;
      const ticks: Tick[] = [];
      for (const part of facts?.parts ?? [])
        if (part.a1 >= frame.a0 && part.a0 <= frame.a1 && part.a0 - (ticks[ticks.length - 1]?.at ?? -Infinity) >= room) ticks.push({ at: part.a0, text: text(part) });
      return ticks;
    },
    says: (frame, facts) =>
      t("{1} to {2}: {3} of the addresses that were tried. Drag to move, wheel or + and - to zoom.", facts?.from ?? "–", facts?.to ?? "–", grouped(frame.a1 - frame.a0 + 1)),
  };
}

/** The axis of a source; `whole` are the facts of all its probes. */
export function scanAxis(host: string, whole: RasterFacts): ScanAxis {
  if (whole.axis === "ports") return ofPorts(whole);
  return whole.axis === "ipv6" ? ofNames(whole.places, whole) : ofAddresses(host);
}

/** A frame within the axis and the whole time. */
export function clampFrame(frame: Frame, whole: Frame, least: number): Frame {
  const span = Math.min(Math.max(frame.t1 - frame.t0, (whole.t1 - whole.t0) / 1e5), whole.t1 - whole.t0);
  const size = Math.min(Math.max(frame.a1 - frame.a0, least), whole.a1);
  const t0 = Math.min(Math.max(frame.t0, whole.t0), whole.t1 - span);
  const a0 = Math.min(Math.max(Math.round(frame.a0), 0), whole.a1 - Math.round(size));
  return { t0, t1: t0 + span, a0, a1: a0 + Math.round(size) };
}

/** Nearer (factors below 1) or farther, about a point of the frame (shares of it). */
export function zoomFrame(frame: Frame, time: number, places: number, x: number, y: number): Frame {
  const t = frame.t0 + (frame.t1 - frame.t0) * x;
  const a = frame.a0 + (frame.a1 - frame.a0) * y;
  return { t0: t - (t - frame.t0) * time, t1: t + (frame.t1 - t) * time, a0: a - (a - frame.a0) * places, a1: a + (frame.a1 - a) * places };
}
