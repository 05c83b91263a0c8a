// SPDX-License-Identifier: Apache-2.0
/*
 * The infection tree: time to the right, a row a host (or, for many, a network), an edge from parent to child at the moment of
 * infection, heavier when the parent is surer; attempts as thin ticks. At a replay's moment what has not happened yet is grey.
 */
import { useMemo, useRef, useState } from "preact/hooks";
import type { FailedAttempt } from "../api/types";
import { bothTimes, certainty, grouped } from "../format";
import { plural, t } from "../text";
import { word } from "../words";
import { fallenBy, groupByNetwork, type Infections, layHosts, layNetworks, type Layout, type Order, type Row } from "./infections";
import { savePng } from "./paint";
import { Rows, type Stage } from "./rows";
import type { View } from "./view";

interface Properties {
  infections: Infections;
  attempts: readonly FailedAttempt[];
  zero: string | null;
  view: View;
  openHost: (host: string) => void;
}

/* As many rows can be read; past it hosts are grouped by network. */
const READABLE = 400;
/* Edges drawn in one frame at most: past it they are a blot, and the frame is late. */
const MOST_EDGES = 20000;

const TAU = 2 * Math.PI;

function dot(stage: Stage, x: number, y: number, fallen: boolean, isZero: boolean): void {
  const { context: c, colours } = stage;
  c.beginPath();
  c.arc(x, y, 4.5, 0, TAU);
  if (!fallen) {
    c.strokeStyle = colours.untouched;
    c.lineWidth = 1.5;
    c.stroke();
    return;
  }
  c.fillStyle = isZero ? colours.zero : colours.infected;
  c.fill();
  if (!isZero) return;
  c.beginPath();
  c.arc(x, y, 8, 0, TAU);
  c.strokeStyle = colours.zero;
  c.lineWidth = 2;
  c.stroke();
}

function paintAttempts(stage: Stage, row: Row, y: number, now: number): void {
  const { context: c, colours, x } = stage;
  c.strokeStyle = colours.attempted;
  for (const attempt of row.attempts) {
    if (attempt.first_t > now) continue;
    const until = Math.min(now, attempt.last_t);
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(x(attempt.first_t), y - 5);
    c.lineTo(x(attempt.first_t), y + 5);
    if (attempt.last_t <= now && attempt.attempts > 1) {
      c.moveTo(x(attempt.last_t), y - 5);
      c.lineTo(x(attempt.last_t), y + 5);
    }
    c.stroke();
    c.lineWidth = 1;
    c.globalAlpha = 0.45;
    c.beginPath();
    c.moveTo(x(attempt.first_t), y);
    c.lineTo(x(until), y);
    c.stroke();
    c.globalAlpha = 1;
  }
}

function paintHost(stage: Stage, infections: Infections, i: number, y: number, now: number, zero: number): void {
  const { context: c, colours, x, width } = stage;
  const at = infections.t[i] ?? 0;
  const fallen = at <= now;
  c.strokeStyle = fallen ? colours.infected : colours.rule;
  c.globalAlpha = fallen ? 0.45 : 1;
  c.lineWidth = 2;
  c.beginPath();
  c.moveTo(x(at), y);
  c.lineTo(fallen ? Math.min(width, x(now)) : width, y);
  c.stroke();
  c.globalAlpha = 1;
  dot(stage, x(at), y, fallen, i === zero);
}

/** A network: an upright tick an infection, those of one pixel are one tick. */
function paintNetwork(stage: Stage, infections: Infections, members: readonly number[], y: number, now: number): void {
  const { context: c, colours, x, left, width, rowHeight } = stage;
  let drawn = -1;
  for (const fallen of [true, false]) {
    c.strokeStyle = fallen ? colours.infected : colours.untouched;
    c.lineWidth = 1;
    c.beginPath();
    for (const i of members) {
      const at = infections.t[i] ?? 0;
      if (at <= now !== fallen) continue;
      const px = Math.round(x(at));
      if (px === drawn || px < left || px > width) continue;
      drawn = px;
      c.moveTo(px + 0.5, y - rowHeight * 0.36);
      c.lineTo(px + 0.5, y + rowHeight * 0.36);
    }
    c.stroke();
  }
}

function paintEdge(stage: Stage, at: number, from: number, to: number, posterior: number): void {
  const { context: c, x, y } = stage;
  c.lineWidth = 0.8 + 2 * Math.max(0, Math.min(1, posterior));
  c.beginPath();
  c.moveTo(x(at), y(from));
  c.lineTo(x(at), y(to));
  c.stroke();
}

/** Edges whose child is in sight, or that pass through it; between networks only the one that brought each its first. */
function paintEdges(stage: Stage, infections: Infections, layout: Layout, now: number, networks: boolean): void {
  const { context: c, colours, first, last } = stage;
  const t0 = stage.left;
  let left = MOST_EDGES;
  const one = (i: number) => {
    const parent = infections.parent[i] ?? -1;
    if (parent < 0) return;
    const from = layout.rowOf[parent] ?? 0;
    const to = layout.rowOf[i] ?? 0;
    const at = infections.t[i] ?? 0;
    if (from === to || Math.max(from, to) < first || Math.min(from, to) > last || stage.x(at) < t0 || stage.x(at) > stage.width) return;
    c.strokeStyle = at <= now ? colours.infected : colours.rule;
    c.globalAlpha = networks ? 0.35 : 0.75;
    paintEdge(stage, at, from, to, infections.posterior[i] ?? 1);
    left--;
  };
  if (!networks) for (let i = 0; i < infections.count && left > 0; i++) one(i);
  else {
    for (let row = 0; row < layout.rows.length && left > 0; row++) {
      const member = layout.rows[row]?.members[0];
      if (member !== undefined) one(member);
    }
  }
  c.globalAlpha = 1;
}

function paintTree(stage: Stage, p: Properties, layout: Layout, networks: boolean): void {
  const zero = p.zero === null ? -1 : (p.infections.at.get(p.zero) ?? -1);
  paintEdges(stage, p.infections, layout, p.view.now, networks);
  for (let n = stage.first; n < stage.last; n++) {
    const row = layout.rows[n];
    if (!row) continue;
    paintAttempts(stage, row, stage.y(n), p.view.now);
    const member = row.members[0];
    if (row.kind === "network") paintNetwork(stage, p.infections, row.members, stage.y(n), p.view.now);
    else if (member !== undefined) paintHost(stage, p.infections, member, stage.y(n), p.view.now, zero);
  }
}

/** The chosen row in words: who, when, by whom, how sure, and who else it could have been. */
function describeRow(p: Properties, row: Row | undefined): string {
  if (!row) return t("Choose a row: its times stand here. Enter opens it.");
  const first = row.members[0];
  if (row.kind === "network")
    return plural(row.members.length, "{2}: {1} infected host, the first {3}.", "{2}: {1} infected hosts, the first {3}.", row.label,
      first === undefined ? "–" : bothTimes(p.view.origin, p.infections.t[first] ?? 0));
  if (first === undefined) {
    const attempts = row.attempts.reduce((sum, one) => sum + one.attempts, 0);
    return plural(attempts, "{2}: attacked {1} time, not seen infected.", "{2}: attacked {1} times, not seen infected.", row.label);
  }
  const parent = p.infections.parent[first] ?? -1;
  const when = bothTimes(p.view.origin, p.infections.t[first] ?? 0);
  if (parent < 0) return t("{1}: {2}, from outside what was seen ({3}).", row.label, when, word(p.infections.evidence[first]));
  return t("{1}: {2}, infected by {3} ({4}; {5}).", row.label, when, p.infections.host[parent] ?? "", certainty(p.infections.posterior[first]),
    word(p.infections.evidence[first]));
}

function Key() {
  return (
    <div class="keys">
      <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><circle cx="8" cy="7" r="3" fill="var(--zero)" /><circle cx="8" cy="7" r="6" fill="none" stroke="var(--zero)" stroke-width="1.6" /></svg>{t("patient zero")}</span>
      <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><circle cx="8" cy="7" r="4" fill="var(--infected)" /></svg>{t("infected")}</span>
      <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><circle cx="8" cy="7" r="4" fill="none" stroke="var(--untouched)" stroke-width="1.6" /></svg>{t("falls later")}</span>
      <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><path d="M4 2v10M12 2v10M4 7h8" stroke="var(--attempted)" stroke-width="1.6" fill="none" /></svg>{t("attacked, first to last attempt")}</span>
      <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><path d="M3 1v12" stroke="var(--infected)" stroke-width="1" /><path d="M11 1v12" stroke="var(--infected)" stroke-width="3" /></svg>{t("parent less sure, surer")}</span>
    </div>
  );
}

export function Tree(p: Properties) {
  const { infections, attempts } = p;
  const many = infections.count > READABLE;
  const [order, setOrder] = useState<Order>("tree");
  const [attacked, setAttacked] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState(-1);
  const groups = useMemo(() => (many ? groupByNetwork(infections) : null), [infections]);
  const layout = useMemo(
    () => (groups ? layNetworks(infections, groups, order, opened) : layHosts(infections, order, attempts, attacked)),
    [infections, groups, order, attempts, attacked, opened]);
  const open = (at: number) => {
    const row = layout.rows[at];
    if (row?.kind === "host") p.openHost(row.label);
    else if (row?.kind === "network") {
      const next = new Set(opened);
      if (!next.delete(row.label)) next.add(row.label);
      setOpened(next);
    }
  };
  const row = layout.rows[chosen];
  const label = (at: number) => {
    const one = layout.rows[at];
    return one ? (one.kind === "network" ? `${opened.has(one.label) ? "▾" : "▸"} ${one.label} ${grouped(one.members.length)}` : (one.depth ? "  " : "") + one.label) : "";
  };
  const fallen = fallenBy(infections, p.view.now);
  const figure = useRef<HTMLElement>(null);
  return (
    <figure ref={figure}>
      <div class="bar">
        <label class="mini">{t("Order of the rows")}{" "}
          <select value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)}>
            <option value="tree">{many ? t("first infection") : t("who infected whom")}</option>
            {!many && <option value="time">{t("time of infection")}</option>}
            <option value="address">{t("address")}</option>
          </select>
        </label>
        {!many && attempts.length > 0 && (
          <label class="mini"><input type="checkbox" checked={attacked} onChange={(event) => setAttacked(event.currentTarget.checked)} />{" "}
            {t("Show hosts that were attacked without visible success")}</label>
        )}
        {row && row.kind !== "attacked" && <button type="button" onClick={() => open(chosen)}>{row.kind === "network" ? (opened.has(row.label) ? t("Close this network") : t("Open this network")) : t("Open this host")}</button>}
        <button type="button" onClick={() => savePng(figure.current?.querySelector("canvas"), "infection-tree")}>PNG</button>
      </div>
      <Rows view={p.view} count={layout.rows.length} label={label} chosen={chosen} choose={setChosen} open={open}
        describe={t("Infection tree: {1} of {2} hosts have fallen. Arrow keys choose a row, Enter opens it, + and - change the time in sight, space plays. The table below holds the same.", grouped(fallen), grouped(infections.count))}
        emphasis={(at) => { const one = layout.rows[at]; const m = one?.members[0]; return one?.kind === "attacked" || (m !== undefined && (infections.t[m] ?? 0) > p.view.now) ? "quiet" : one?.label === p.zero ? "strong" : ""; }}
        paint={(stage) => paintTree(stage, p, layout, groups !== null)} />
      <p class="says" aria-live="polite">{describeRow(p, row)}</p>
      <Key />
    </figure>
  );
}
