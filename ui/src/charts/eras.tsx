// SPDX-License-Identifier: Apache-2.0
/* Generations of attacks, one band each, with the families of their time: experience is handed on ten years later. */
import type { Era, Family } from "../api/types";
import { Table } from "../parts/table";
import { t } from "../text";
import { yearOf } from "./lineage";
import { useWidth } from "./paint";

const ROW = 40;
const TOP = 24;

export function Eras({ eras, families }: { eras: readonly Era[]; families: readonly Family[] }) {
  const [box, measured] = useWidth<HTMLDivElement>();
  const width = Math.max(measured, 720);
  const first = Math.min(...eras.map((era) => Number(era.from)));
  const last = Math.max(...families.map((f) => yearOf(f.first) + 1), ...eras.map((era) => Number(era.to || era.from) + 1));
  const x = (year: number) => 8 + ((year - first) / Math.max(1, last - first)) * (width - 16);
  const years: number[] = [];
  for (let year = Math.ceil(first / 5) * 5; year <= last; year += 5) years.push(year);
  const byId = new Map(families.map((family) => [family.id, family]));
  return (
    <figure>
      <figcaption>{t("Generations of attacks")}</figcaption>
      <div ref={box} class="scrollx" tabIndex={0} role="region" aria-label={t("Generations of attacks")}>
        {measured > 0 && (
          <svg width={width} height={TOP + eras.length * ROW + 4} role="img" aria-label={t("{1} generations from {2} on. The table below holds the same.", eras.length, first)}>
            {years.map((year) => (
              <g key={year}>
                <line class="rule" x1={x(year)} y1={TOP - 4} x2={x(year)} y2={TOP + eras.length * ROW} />
                <text class="quiet middle" x={Math.max(18, Math.min(width - 18, x(year)))} y={14}>{year}</text>
              </g>
            ))}
            {eras.map((era, i) => {
              const [x0, x1] = [x(Number(era.from)), x(era.to ? Number(era.to) + 1 : last)];
              const right = x0 > width * 0.6;
              return (
                <g key={era.id}>
                  <rect class="band" x={x0} y={TOP + i * ROW + 22} width={Math.max(3, x1 - x0)} height={12} rx={2} />
                  {era.families.map((id) => {
                    const family = byId.get(id);
                    return family ? <circle key={id} cx={x(yearOf(family.first))} cy={TOP + i * ROW + 28} r={3.5} fill="var(--infected)"><title>{family.name}</title></circle> : null;
                  })}
                  <text class={right ? "end" : undefined} x={right ? Math.min(width - 8, Math.max(x1, x0 + 3)) : x0} y={TOP + i * ROW + 17}>{t(era.name)}</text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <Table name="generations" rows={eras} keyOf={(era) => era.id} columns={[
        { title: t("Generation"), value: (era) => t(era.name) },
        { title: t("From year"), value: (era) => era.from },
        { title: t("To year"), value: (era) => era.to || "–" },
        { title: t("Aimed at"), value: (era) => t(era.aim) },
        { title: t("Answer"), value: (era) => t(era.answer) },
        { title: t("Families"), value: (era) => era.families.map((id) => byId.get(id)?.name ?? id).join(", ") },
        { title: t("Told by"), value: (era) => era.source },
      ]} />
    </figure>
  );
}
