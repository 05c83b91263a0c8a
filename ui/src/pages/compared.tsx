// SPDX-License-Identifier: Apache-2.0
/* Two simulations side by side: what one has that the other has not, in words and figures. */
import type { Simulation } from "../api/types";
import { type Fan, Fans, reachedOf } from "../charts/fan";
import { duration, grouped } from "../format";
import { Table } from "../parts/table";
import { plural, t } from "../text";

const SHARES = [10, 50, 90];

const reachedAt = (of: Simulation, percent: number): number | null => reachedOf(of).find((r) => r.percent === percent)?.t ?? null;
const time = (seconds: number | null): string => (seconds === null ? t("never in half of the runs") : duration(seconds));

interface Row { name: string; first: string; second: string; difference: string }

function later(a: number | null, b: number | null): string {
  if (a === null || b === null) return "–";
  return a === b ? t("the same") : b > a ? t("{1} later", duration(b - a)) : t("{1} earlier", duration(a - b));
}

function rowsOf(first: Simulation, second: Simulation): Row[] {
  const [a, b] = [first.summary?.infected, second.summary?.infected];
  const range = (of: typeof a) => (of ? `${grouped(of.low)}–${grouped(of.high)}` : "–");
  const less = (a?.median ?? 0) - (b?.median ?? 0);
  return [
    { name: t("Hosts that can fall"), first: grouped(first.summary?.hosts ?? 0), second: grouped(second.summary?.hosts ?? 0), difference: "" },
    { name: t("Infected (median)"), first: grouped(a?.median ?? 0), second: grouped(b?.median ?? 0), difference: less === 0 ? t("the same") : less > 0 ? t("{1} fewer", grouped(less)) : t("{1} more", grouped(-less)) },
    { name: t("Infected, nine tenths of the runs"), first: range(a), second: range(b), difference: "" },
    ...SHARES.map((share) => ({ name: t("{1} % of the hosts infected after (median)", share), first: time(reachedAt(first, share)), second: time(reachedAt(second, share)), difference: later(reachedAt(first, share), reachedAt(second, share)) })),
  ];
}

/** The difference in one sentence. */
function verdict(first: Fan, second: Fan): string {
  const less = (first.simulation.summary?.infected?.median ?? 0) - (second.simulation.summary?.infected?.median ?? 0);
  if (less === 0) return t("Half of the runs end with the same number of infected hosts.");
  const [more, fewer] = less > 0 ? [first.name, second.name] : [second.name, first.name];
  return plural(Math.abs(less), "In half of the runs {1} host fewer falls with {2} than with {3}.", "In half of the runs {1} hosts fewer fall with {2} than with {3}.", fewer, more);
}

/** Chosen simulations: one as its curve, two with what differs. */
export function Compared({ fans }: { fans: readonly Fan[] }) {
  if (!fans[0]) return null;
  if (!fans[1]) return <Fans fans={fans} />;
  // Titles are sentences: letters stand for them in chart and table.
  const [first, second] = [{ ...fans[0], name: "A" }, { ...fans[1], name: "B" }];
  return (
    <section aria-label={t("Two simulations compared")}>
      <h3>{verdict(first, second)}</h3>
      {fans.slice(0, 2).map((fan, i) => <p key={fan.simulation.id} class="mini"><strong>{i ? "B" : "A"}</strong> {fan.name}</p>)}
      <Fans fans={[first, second]} />
      <Table name="compared" rows={rowsOf(first.simulation, second.simulation)} keyOf={(row) => row.name} columns={[
        { title: t("Figure"), value: (row) => row.name, wide: true }, { title: first.name, value: (row) => row.first, figure: true },
        { title: second.name, value: (row) => row.second, figure: true }, { title: t("Difference"), value: (row) => row.difference, figure: true },
      ]} />
    </section>
  );
}
