// SPDX-License-Identifier: Apache-2.0
/* The infections of an outbreak as columns, and how they are laid out in rows: host by host, or grouped by network. */
import type { Columns, CurvePoint, FailedAttempt } from "../api/types";
import { compareText, network } from "../format";

export interface Infections {
  count: number;
  host: readonly string[];
  t: Float64Array;
  error: Float64Array;
  parent: Int32Array; /* index, -1: from outside what was seen */
  posterior: Float64Array;
  generation: readonly number[];
  evidence: readonly string[];
  scan: Float64Array; /* NaN: never seen to search */
  onset: Float64Array;
  dialog: Float64Array;
  packets: readonly (readonly [number, number] | null)[];
  input: readonly number[];
  children: Int32Array; /* how many each infected */
  at: ReadonlyMap<string, number>;
}

function numbers(values: readonly (number | null)[] | undefined, count: number, missing: number): Float64Array {
  const out = new Float64Array(count).fill(missing);
  if (values) for (let i = 0; i < count; i++) out[i] = values[i] ?? missing;
  return out;
}

/** The columns as the server gives them, in order of time. */
export function readInfections(columns: Columns): Infections {
  const count = columns.host.length;
  const parent = Int32Array.from(columns.parent, (index) => (index >= 0 && index < count ? index : -1));
  const children = new Int32Array(count);
  for (const index of parent) if (index >= 0) children[index] = (children[index] ?? 0) + 1;
  return {
    count, host: columns.host, t: Float64Array.from(columns.t), error: numbers(columns.error_s, count, 0), parent,
    posterior: numbers(columns.posterior, count, 1), generation: columns.generation, evidence: columns.evidence,
    scan: numbers(columns.scan_t, count, NaN), onset: numbers(columns.onset_t, count, NaN), dialog: numbers(columns.dialog_t, count, NaN),
    packets: columns.host.map((_, i) => {
      const first = columns.first_packet?.[i];
      const last = columns.last_packet?.[i];
      return first !== undefined && last !== undefined ? ([first, last] as const) : null;
    }),
    input: columns.input ?? [], children, at: new Map(columns.host.map((host, i) => [host, i])),
  };
}

/** How many have fallen by `now`: the times are in order. O(log n). */
export function fallenBy(infections: Infections, now: number): number {
  let low = 0;
  let high = infections.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((infections.t[middle] ?? 0) <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The hosts that infect most, the earlier first among equals: at most `most`. O(n log most). */
export function byChildren(infections: Infections, most = 24): string[] {
  const best: number[] = [];
  const before = (a: number, b: number): boolean => (infections.children[a] ?? 0) > (infections.children[b] ?? 0);
  for (let i = 0; i < infections.count; i++) {
    if (best.length === most && !before(i, best[most - 1] ?? i)) continue;
    let at = best.length;
    while (at > 0 && before(i, best[at - 1] ?? i)) at--;
    best.splice(at, 0, i);
    if (best.length > most) best.pop();
  }
  return best.map((i) => infections.host[i] ?? "");
}

/** The epidemic curve: one more at each infection. */
export const curveOf = (infections: Infections): CurvePoint[] => Array.from(infections.t, (t, i) => ({ t, infected: i + 1 }));

export interface Row {
  label: string;
  kind: "host" | "network" | "attacked";
  members: readonly number[]; /* indices of infections, in order of time */
  attempts: readonly FailedAttempt[];
  depth: number; /* 1: a host of an opened network */
}

export interface Layout { rows: readonly Row[]; rowOf: Int32Array }

export type Order = "tree" | "time" | "address";

/** Parents before their children, earlier children first. Without recursion: a chain of 100,000 is a tree too. */
function treeOrder(infections: Infections): number[] {
  const kids: number[][] = Array.from({ length: infections.count }, () => []);
  const stack: number[] = [];
  for (let i = infections.count - 1; i >= 0; i--) {
    const parent = infections.parent[i] ?? -1;
    if (parent >= 0) kids[parent]?.push(i);
    else stack.push(i);
  }
  const order: number[] = [];
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    order.push(i);
    for (const kid of kids[i] ?? []) stack.push(kid);
  }
  return order;
}

function hostOrder(infections: Infections, order: Order): number[] {
  if (order === "tree") return treeOrder(infections);
  const all = Array.from({ length: infections.count }, (_, i) => i);
  return order === "time" ? all : all.sort((a, b) => compareText(infections.host[a] ?? "", infections.host[b] ?? ""));
}

function attemptsByTarget(attempts: readonly FailedAttempt[]): Map<string, FailedAttempt[]> {
  const map = new Map<string, FailedAttempt[]>();
  for (const attempt of attempts) {
    const list = map.get(attempt.target);
    if (list) list.push(attempt);
    else map.set(attempt.target, [attempt]);
  }
  return map;
}

/** One row a host; attacked hosts that were not seen to fall come last when they are asked for. */
export function layHosts(infections: Infections, order: Order, attempts: readonly FailedAttempt[], withAttacked: boolean): Layout {
  const byTarget = attemptsByTarget(attempts);
  const rowOf = new Int32Array(infections.count);
  const rows: Row[] = hostOrder(infections, order).map((i, row) => {
    rowOf[i] = row;
    const host = infections.host[i] ?? "";
    return { label: host, kind: "host", members: [i], attempts: byTarget.get(host) ?? [], depth: 0 };
  });
  if (withAttacked) {
    const rest = [...byTarget.keys()].filter((host) => !infections.at.has(host)).sort(compareText);
    for (const host of rest) rows.push({ label: host, kind: "attacked", members: [], attempts: byTarget.get(host) ?? [], depth: 0 });
  }
  return { rows, rowOf };
}

export const groupByNetwork = (infections: Infections): ReadonlyMap<string, number[]> => {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < infections.count; i++) {
    const name = network(infections.host[i] ?? "");
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  }
  return groups;
};

/** One row a network, in order of its first infection (or address); the hosts of `opened` networks below them. */
export function layNetworks(infections: Infections, groups: ReadonlyMap<string, number[]>, order: Order, opened: ReadonlySet<string>): Layout {
  const rowOf = new Int32Array(infections.count);
  const rows: Row[] = [];
  const names = order === "address" ? [...groups.keys()].sort(compareText) : [...groups.keys()];
  for (const name of names) {
    const members = groups.get(name) ?? [];
    for (const i of members) rowOf[i] = rows.length;
    rows.push({ label: name, kind: "network", members, attempts: [], depth: 0 });
    if (!opened.has(name)) continue;
    for (const i of members) {
      rowOf[i] = rows.length;
      rows.push({ label: infections.host[i] ?? "", kind: "host", members: [i], attempts: [], depth: 1 });
    }
  }
  return { rows, rowOf };
}
