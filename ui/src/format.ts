// SPDX-License-Identifier: Apache-2.0
/* Numbers, times and addresses as a person reads them; the same forms as in the terminal and the report. */
import { t } from "./text";

/** A time as the server says it: RFC 3339, or microseconds since 1970. */
export type Instant = string | number | null | undefined;

/** Milliseconds since 1970, or NaN. */
export function milliseconds(at: Instant): number {
  if (typeof at === "number") return at / 1000;
  return at ? Date.parse(at) : NaN;
}

export const grouped = (n: number): string => Math.round(n).toLocaleString("en-US");

/** Three significant figures, no exponent. */
export function figure(n: number): string {
  if (!Number.isFinite(n)) return "–";
  if (n === 0) return "0";
  const size = Math.abs(n);
  if (size >= 1000) return grouped(n);
  return n.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size))));
}

const two = (n: number): string => String(n).padStart(2, "0");

/** 08:13:02Z; with the date in front when `dated`. */
export function clock(ms: number, dated = false): string {
  if (!Number.isFinite(ms)) return "–";
  const d = new Date(ms);
  const day = dated ? `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ` : "";
  return `${day}${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}Z`;
}

export const stamp = (at: Instant): string => clock(milliseconds(at), true);

/** +411.7 s: since the first packet of the input. */
export const relative = (s: number): string => (s < 0 ? "−" : "+") + t("{1} s", Math.abs(s).toFixed(1).replace(/\B(?=(\d{3})+\.)/g, ","));

/** Both at once: 08:13:02Z, +411.7 s; a simulation has no clock (origin NaN), only the second. */
export const bothTimes = (origin: number, s: number): string =>
  (Number.isFinite(origin) ? `${clock(origin + s * 1000)}, ${relative(s)}` : relative(s));

/** A length of time in its two largest units. */
export function duration(s: number): string {
  if (!Number.isFinite(s)) return "–";
  if (s < 1 && s > 0) return t("{1} ms", Math.max(1, Math.round(s * 1000)));
  const whole = Math.round(s);
  if (whole < 60) return t("{1} s", s < 10 && s !== whole ? s.toFixed(1) : whole);
  const parts = (value: number, unit: number) => [Math.floor(value / unit), value % unit] as const;
  if (whole < 3600) {
    const [m, rest] = parts(whole, 60);
    return rest ? t("{1} min {2} s", m, rest) : t("{1} min", m);
  }
  if (whole < 86400) {
    const [h, rest] = parts(Math.round(whole / 60), 60);
    return rest ? t("{1} h {2} min", h, rest) : t("{1} h", h);
  }
  const [d, rest] = parts(Math.round(whole / 3600), 24);
  return rest ? t("{1} d {2} h", d, rest) : t("{1} d", d);
}

/** How sure: >99 %, 87 %, <1 %. Never 100 %: a posterior is no proof. */
export function certainty(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return "–";
  if (p > 0.99) return ">99 %";
  if (p < 0.01) return "<1 %";
  return `${Math.round(p * 100)} %`;
}

export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return `${at && n < 100 ? n.toFixed(1) : Math.round(n)} ${units[at]}`;
}

export const service = (proto: string, port: number): string => (port ? `${proto}/${port}` : proto);

const IPV4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

/** The network a host is grouped under: /24 of IPv4, /64 of IPv6. */
export function network(host: string): string {
  const v4 = IPV4.exec(host);
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  const [before = "", after] = host.split("::");
  const head = before ? before.split(":") : [];
  const tail = after ? after.split(":") : [];
  const groups = after === undefined ? head : [...head, ...new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  return groups.slice(0, 4).join(":").replace(/(:0)+$/, "") + "::/64";
}

/** ".30" beside a host of the same /24, else the whole address. */
export function near(host: string, other: string | null | undefined): string {
  if (other && IPV4.test(host) && IPV4.test(other) && network(host) === network(other)) return host.slice(host.lastIndexOf("."));
  return host;
}

/** Whether an address is one of an organisation's own (RFC 1918, 6598, 3927, 4193, 4291). */
export function isOwn(host: string): boolean {
  const v4 = IPV4.exec(host);
  if (!v4) return /^(fc|fd|fe[89ab])/i.test(host);
  const [a, b] = [Number(v4[1]), Number(v4[2])];
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254);
}

/** An IPv4 address as a number, or null. */
export function addressNumber(host: string): number | null {
  const v4 = IPV4.exec(host);
  if (!v4) return null;
  return v4.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}

export const addressText = (n: number): string => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");

/** Orders addresses as numbers, other texts by letter with numbers as numbers. */
export function compareText(a: string, b: string): number {
  const x = addressNumber(a);
  const y = addressNumber(b);
  if (x !== null && y !== null) return x - y;
  return a.localeCompare(b, undefined, { numeric: true });
}
