// SPDX-License-Identifier: Apache-2.0
/* One outbreak: verdict, what to do now, the picture (one time axis, one replay), the evidence, the raw facts. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLoad } from "../api/load";
import type { Columns, FailedAttempt, List, Outbreak } from "../api/types";
import { Curve } from "../charts/curve";
import { byChildren, curveOf, fallenBy, type Infections, readInfections } from "../charts/infections";
import { Replay } from "../charts/replay";
import { Times } from "../charts/times";
import { Tree } from "../charts/tree";
import { useView, type View } from "../charts/view";
import { milliseconds, service, stamp } from "../format";
import { Answer, Show } from "../parts/words";
import { go } from "../router";
import { language, plural, t } from "../text";
import { Attacked, InfectionTable, Inputs, PatientZero, RawFacts } from "./evidence";
import { OpenCase } from "./cases";
import { hostUrl, Summary } from "./outbreak-summary";
import { Searching } from "./searching";
import { outbreakWords } from "./outbreaks";
import { WhomToCall } from "./whom-to-call";

/** What the row lacks is taken from the facts of the same object. */
export const rowOf = (outbreak: Outbreak) => ({
  ...outbreak, family: outbreak.family?.name ?? null, patient_zero: outbreak.patient_zero?.host ?? null,
});

function Advice({ of }: { of: Outbreak }) {
  if (!of.advice?.length) return null;
  return (
    <section aria-label={t("What to do now")}>
      <h2 class="near">{t("What to do now")}</h2>
      <ol class="now">{of.advice.map((line, i) => <li key={i}>{line}</li>)}</ol>
      <OpenCase outbreak={of.id} />
    </section>
  );
}

function Exports({ id, analysis }: { id: number; analysis: number }) {
  const base = `/api/v1/outbreaks/${id}/export?lang=${language()}&format=`;
  return (
    <div class="bar mini">
      {["json", "csv", "svg", "png", "html"].map((format) => <a key={format} class="button" href={base + format} download>{format === "html" ? t("Report (HTML)") : format.toUpperCase()}</a>)}
      <button type="button" onClick={() => window.print()}>{t("Print")}</button>
      <a class="button" href={`/analyses/${analysis}`}>{t("The analysis")}</a>
    </div>
  );
}

/** True once the browser has shown what is there already: the tree first, what lies below it then. */
function useAfterPaint(): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    let next = 0;
    const frame = requestAnimationFrame(() => (next = requestAnimationFrame(() => setShown(true))));
    return () => {
      cancelAnimationFrame(frame);
      cancelAnimationFrame(next);
    };
  }, []);
  return shown;
}

function Picture({ of, infections, view, attempts, shown }: { of: Outbreak; infections: Infections; view: View; attempts: FailedAttempt[]; shown: boolean }) {
  const points = useMemo(() => curveOf(infections), [infections]);
  const openHost = (host: string) => go(hostUrl(of.id, host));
  const zero = of.patient_zero?.host ?? null;
  const table = useMemo(() => <InfectionTable of={of} infections={infections} origin={view.origin} />, [of, infections, view.origin]);
  return (
    <>
      <h2 id="tree">{t("Who infected whom")}</h2>
      <Replay view={view} fallen={fallenBy(infections, view.now)} all={infections.count} />
      <Tree infections={infections} attempts={attempts} zero={zero} view={view} openHost={openHost} />
      {shown && (
        <>
          {table}
          <h2 id="curve">{t("How fast it spreads")}</h2>
          <Curve curve={points} view={view} />
          <h2 id="times">{t("Infection times per host")}</h2>
          <Times infections={infections} view={view} zero={zero} openHost={openHost} />
        </>
      )}
    </>
  );
}

interface All { of: Outbreak; columns: Columns; attempted: List<FailedAttempt> | FailedAttempt[] | null }

function Whole({ of, columns, attempted }: All) {
  const infections = useMemo(() => readInfections(columns), [columns]);
  const attempts = useMemo(() => (attempted ? (Array.isArray(attempted) ? attempted : attempted.items) : []), [attempted]);
  const urgent = useMemo(() => byChildren(infections), [infections]);
  const first = infections.t[0] ?? 0;
  const last = infections.t[infections.count - 1] ?? first;
  const ended = (milliseconds(of.end) - milliseconds(of.origin)) / 1000;
  const view = useView(milliseconds(of.origin), first, Number.isFinite(ended) && ended > last && ended < last + 2 * (last - first) + 60 ? ended : last + 1);
  const shown = useAfterPaint();
  // A replay renders the page at each frame: what does not move with it is made once.
  const above = useMemo(() => (
    <>
      <Answer mood="spreading" kicker={t("Outbreak on {1}, {2} to {3}", service(of.proto, of.port), stamp(of.started), stamp(of.ended))}>{outbreakWords(rowOf(of))}</Answer>
      <div class="two">
        <Advice of={of} />
        <WhomToCall hosts={urgent} all={infections.count} />
      </div>
      <Summary of={of} count={infections.count} />
    </>
  ), [of, infections, urgent]);
  const below = useMemo(() => (
    <>
      <Searching of={of} origin={view.origin} />
      <h2 id="evidence">{t("Evidence")}</h2>
      <Exports id={of.id} analysis={of.analysis} />
      <PatientZero of={of} />
      <Attacked attempts={attempts} origin={view.origin} />
      <Inputs inputs={of.inputs ?? []} limits={of.limits ?? []} />
      <RawFacts analysis={of.analysis} />
      <p class="note">{t("Posteriors are what the traffic supports, not proof: confirm on the host before you accuse.")}</p>
    </>
  ), [of, attempts, view.origin]);
  return <>{above}<Picture of={of} infections={infections} view={view} attempts={attempts} shown={shown} />{shown && below}</>;
}

export function OutbreakPage({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const path = `/outbreaks/${encodeURIComponent(parameters["id"] ?? "")}`;
  const outbreak = useLoad<Outbreak>(path);
  const columns = useLoad<Columns>(`${path}/infections?columns=1`); // all at once: the largest takes the longest
  const attempted = useLoad<List<FailedAttempt> | FailedAttempt[]>(`${path}/attempts?limit=1000`);
  return (
    <Show loaded={outbreak} whole>{(of) => (
      columns.error ? <Show loaded={columns} whole>{() => null}</Show>
        : columns.data ? <Whole of={of} columns={columns.data} attempted={attempted.data} />
          : <><Answer mood="spreading">{outbreakWords(rowOf(of))}</Answer><p class="note" role="status">{plural(of.infected, "Reading {1} infection.", "Reading {1} infections.")}</p></>
    )}</Show>
  );
}
