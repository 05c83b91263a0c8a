// SPDX-License-Identifier: Apache-2.0
/* An outbreak in figures: how many, how fast, from whom, by what. On its own page and at the top of its case. */
import type { Outbreak } from "../api/types";
import { certainty, duration, figure, grouped } from "../format";
import { Facts } from "../parts/words";
import { t } from "../text";
import { family, route, word } from "../words";

export const hostUrl = (id: number, host: string): string => `/outbreaks/${id}/hosts/${encodeURIComponent(host)}`;

function interval(growth: Outbreak["growth"]): string {
  if (!growth || growth.r === null) return "–";
  const [low, high] = growth.r_interval ?? [null, null];
  const range = low !== null && high !== null ? ` (${figure(low)}–${figure(high)})` : "";
  return t("{1} over {2}", figure(growth.r) + range, duration(growth.r_period_s ?? NaN));
}

export function Summary({ of, count }: { of: Outbreak; count: number }) {
  return (
    <Facts of={[
      [t("Infected"), of.hosts ? t("{1} of {2} hosts", grouped(count), grouped(of.hosts)) : grouped(count)],
      [t("Doubles every"), of.growth?.doubling_s ? duration(of.growth.doubling_s) : "–"],
      [t("Reproduction number"), interval(of.growth)],
      [t("Patient zero"), of.patient_zero ? <><a href={hostUrl(of.id, of.patient_zero.host)}>{of.patient_zero.host}</a> {certainty(of.patient_zero.posterior)}</> : "–"],
      [t("Behaves like"), of.family ? <><a href={`/catalogue/${of.family.name}`}>{family(of.family.name)}</a> {certainty(of.family.score)}</> : t("no known family")],
      [t("Way in"), of.vectors.map(word).join(", ") || "–"],
      [t("Route of infection"), route(of.route)],
      [t("Countermeasure class"), `${word(of.countermeasure_class ?? of.class)}, ${word(of.known)}`],
    ]} />
  );
}
