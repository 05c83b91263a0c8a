// SPDX-License-Identifier: Apache-2.0
/* Which family inherited which technique from whom: time to the right, a box a family, a line a technique handed on. */
import { useMemo, useState } from "preact/hooks";
import type { Descent, Family } from "../api/types";
import { Table } from "../parts/table";
import { t } from "../text";
import { useWidth } from "./paint";

interface Node { family: Family; year: number; row: number; x: number; wide: number }

const ROW = 34;
const LEAST = 84;
const CHARACTER = 8;

/** A date of the catalogue (2017-05) as a year with its part. */
export function yearOf(date: string): number {
  const [year = "0", month = "1"] = date.split("-");
  return Number(year) + (Number(month) - 1) / 12;
}

/* Decades with few families take little room: the axis is by rank and by time, half each. */
function place(families: readonly Family[], width: number): Node[] {
  const sorted = [...families].sort((a, b) => yearOf(a.first) - yearOf(b.first));
  const first = yearOf(sorted[0]?.first ?? "1989");
  const span = Math.max(1, yearOf(sorted[sorted.length - 1]?.first ?? "2017") - first);
  const free: number[] = [];
  return sorted.map((family, rank) => {
    const share = 0.45 * ((yearOf(family.first) - first) / span) + 0.55 * (rank / Math.max(1, sorted.length - 1));
    const wide = Math.max(LEAST, family.name.length * CHARACTER + 16);
    const x = 8 + share * (width - wide - 16);
    let row = free.findIndex((end) => end + 12 < x);
    if (row < 0) row = free.length;
    free[row] = x + wide;
    return { family, year: yearOf(family.first), row, x, wide };
  });
}

export function Lineage({ families, descents }: { families: readonly Family[]; descents: readonly Descent[] }) {
  const [box, measured] = useWidth<HTMLDivElement>();
  const width = Math.max(measured, 860);
  const [chosen, setChosen] = useState<string | null>(null);
  const nodes = useMemo(() => place(families, width), [families, width]);
  const byId = useMemo(() => new Map(nodes.map((node) => [node.family.id, node])), [nodes]);
  const rows = nodes.reduce((most, node) => Math.max(most, node.row), 0) + 1;
  const height = rows * (ROW + 18) + 20;
  const y = (node: Node) => 12 + node.row * (ROW + 18);
  return (
    <figure>
      <figcaption>{t("Lineage: which technique a family took over from which")}</figcaption>
      <div ref={box} class="scrollx" tabIndex={0} role="region" aria-label={t("Lineage: which technique a family took over from which")}>
        {measured > 0 && (
          <svg width={width} height={height} role="group" aria-label={t("{1} families, {2} techniques handed on. The table below holds the same.", families.length, descents.length)}>
            {descents.map((d, i) => {
              const from = byId.get(d.from);
              const to = byId.get(d.family);
              if (!from || !to) return null;
              const [x1, y1, x2, y2] = [from.x + from.wide, y(from) + ROW / 2, to.x, y(to) + ROW / 2];
              const bend = Math.max(20, Math.abs(x2 - x1) / 2.4);
              const strong = chosen !== null && (d.from === chosen || d.family === chosen);
              return <path key={i} class={strong ? "descent strong" : "descent"} d={`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`}><title>{`${from.family.name} → ${to.family.name}: ${t(d.technique)}`}</title></path>;
            })}
            {nodes.map((node) => (
              <a key={node.family.id} href={`/catalogue/${node.family.id}`} onMouseEnter={() => setChosen(node.family.id)} onFocus={() => setChosen(node.family.id)} onMouseLeave={() => setChosen(null)}>
                <rect class={node.family.countermeasure_class === "I" ? "node destroys" : "node"} x={node.x} y={y(node)} width={node.wide} height={ROW} rx={3} />
                <text class="strong" x={node.x + 7} y={y(node) + 14}>{node.family.name}</text>
                <text class="quiet" x={node.x + 7} y={y(node) + 28}>{node.family.first}</text>
              </a>
            ))}
          </svg>
        )}
      </div>
      <p class="note">{t("Orange box: class I, spreads by itself and destroys. Point at a family: its lines stand out.")}</p>
      <details>
        <summary>{t("The lineage as a table")}</summary>
        <Table name="lineage" rows={descents} keyOf={(d) => `${d.from} ${d.family} ${d.technique}`} columns={[
          { title: t("Family"), value: (d) => byId.get(d.family)?.family.name ?? d.family, cell: (d) => <a href={`/catalogue/${d.family}`}>{byId.get(d.family)?.family.name ?? d.family}</a> },
          { title: t("Took over"), value: (d) => t(d.technique) },
          { title: t("From family"), value: (d) => byId.get(d.from)?.family.name ?? d.from },
        ]} />
      </details>
    </figure>
  );
}
