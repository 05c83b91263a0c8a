// SPDX-License-Identifier: Apache-2.0
/* One infection on the wire: two hosts, what passed between them in order, each step with its packet. */
import type { Edge, WireStep } from "../api/types";
import { bothTimes, grouped, relative } from "../format";
import { Table } from "../parts/table";
import { plural, t } from "../text";
import { useWidth } from "./paint";

const STEP = 30;
const TOP = 34;

function Arrow({ step, y, left, right, attack }: { step: WireStep; y: number; left: number; right: number; attack: boolean }) {
  const [from, to] = step.from_source ? [left, right] : [right, left];
  const back = step.from_source ? -8 : 8;
  const mood = attack ? " attack" : "";
  return (
    <g>
      <line class={`arrow${mood}`} x1={from} y1={y} x2={to + back * 0.6} y2={y} />
      <polygon class={`head${mood}`} points={`${to},${y} ${to + back},${y - 4.5} ${to + back},${y + 4.5}`} />
      <text class="middle" x={(left + right) / 2} y={y - 5}>{t(step.text)}</text>
    </g>
  );
}

/** Steps that are the attack itself, as the signs name their grades. */
const isAttack = (step: WireStep): boolean => /\((attempt|access|exploit|implant)\)|complete|完了|試み|侵入|悪用|埋め込み/.test(step.text);

export function Wire({ edge, origin }: { edge: Edge; origin: number }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const left = width < 560 ? 92 : 190;
  const right = Math.max(left + 120, Math.min(width - 90, left + 620));
  const height = TOP + edge.wire.length * STEP + 16;
  const range = edge.packets, records = edge.counted_in === "records";
  return (
    <figure>
      <figcaption>{t("One infection on the wire: {1} infects {2}", edge.source, edge.target)}</figcaption>
      <div ref={box}>
        {width > 0 && edge.wire.length > 0 && (
          <svg width={width} height={height} role="img" aria-label={plural(edge.wire.length, "{1} step; the table below has it in words.", "{1} steps; the table below has them in words.")}>
            <text class="strong middle" x={left} y={16}>{edge.source}</text>
            <text class="strong middle" x={right} y={16}>{edge.target}</text>
            <line class="life infected" x1={left} y1={24} x2={left} y2={height} />
            <line class="life" x1={right} y1={24} x2={right} y2={height} />
            {edge.wire.map((step, i) => (
              <g key={i}>
                {width >= 560 && <text class="end quiet" x={left - 14} y={TOP + i * STEP + 18}>{relative(step.t)}{step.packet > 0 && ` · ${grouped(step.packet)}`}</text>}
                <Arrow step={step} y={TOP + i * STEP + 14} left={left} right={right} attack={isAttack(step)} />
              </g>
            ))}
          </svg>
        )}
      </div>
      {range && records && <p class="note">{t("records {1}-{2} of {3}", range[0], range[1], edge.input ?? "")}</p>}
      {range && !records && <p class="note">{edge.input ? t("packets {1}-{2} of {3}", range[0], range[1], edge.input) : t("packets {1}-{2}", range[0], range[1])}</p>}
      {edge.filter && <p class="mini">{t("Display filter for Wireshark:")} <code>{edge.filter}</code></p>}
      {edge.wire.length === 0 ? <p class="note">{t("The steps of this infection were not kept: open its packets with the filter.")}</p> : (
        <Table name={`wire-${edge.target}`} rows={edge.wire} keyOf={(step) => `${step.packet} ${step.t} ${step.text}`} columns={[
          { title: t("Time"), value: (step) => bothTimes(origin, step.t) },
          { title: records ? t("Record") : t("Packet"), value: (step) => step.packet, cell: (step) => (step.packet ? grouped(step.packet) : "–"), figure: true },
          { title: t("From"), value: (step) => (step.from_source ? edge.source : edge.target) },
          { title: t("To"), value: (step) => (step.from_source ? edge.target : edge.source) },
          { title: t("What"), value: (step) => t(step.text) },
        ]} />
      )}
      {(edge.omitted ?? 0) > 0 && <p class="note">{plural(edge.omitted ?? 0, "{1} further step is not told: there were too many.", "{1} further steps are not told: there were too many.")}</p>}
    </figure>
  );
}
