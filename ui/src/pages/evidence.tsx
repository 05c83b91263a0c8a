// SPDX-License-Identifier: Apache-2.0
/* The evidence behind an outbreak: infections with their packets, who could be the first, who else was attacked, what was read. */
import { useMemo, useState } from "preact/hooks";
import type { FactsInput, FailedAttempt, Limit, Outbreak, Sign } from "../api/types";
import type { Infections } from "../charts/infections";
import { bytes, certainty, clock, grouped, relative, service, stamp } from "../format";
import { Table } from "../parts/table";
import { clause } from "../said";
import { plural, t } from "../text";
import { family, word } from "../words";

const hostLink = (id: number, host: string) => <a href={`/outbreaks/${id}/hosts/${encodeURIComponent(host)}`}>{host}</a>;

export function InfectionTable({ of, infections, origin }: { of: Outbreak; infections: Infections; origin: number }) {
  const rows = useMemo(() => Array.from({ length: infections.count }, (_, i) => i), [infections]);
  const parentOf = (i: number) => { const p = infections.parent[i] ?? -1; return p < 0 ? "" : (infections.host[p] ?? ""); };
  return (
    <details open={infections.count <= 30}>
      <summary>{t("The infections as a table")}</summary>
      <Table name={`infections-${of.id}`} rows={rows} keyOf={(i) => i} columns={[
        { title: t("Host"), value: (i) => infections.host[i], cell: (i) => hostLink(of.id, infections.host[i] ?? "") },
        { title: t("Infected at"), value: (i) => clock(origin + (infections.t[i] ?? 0) * 1000, true) },
        { title: t("After"), value: (i) => infections.t[i], cell: (i) => relative(infections.t[i] ?? 0), figure: true },
        { title: t("Error"), value: (i) => infections.error[i], cell: (i) => `±${t("{1} s", (infections.error[i] ?? 0).toFixed(3))}`, figure: true },
        { title: t("Parent"), value: parentOf, cell: (i) => (parentOf(i) ? hostLink(of.id, parentOf(i)) : t("from outside what was seen")) },
        { title: t("Certainty"), value: (i) => infections.posterior[i], cell: (i) => (parentOf(i) ? certainty(infections.posterior[i]) : "–"), figure: true },
        { title: t("Known from"), value: (i) => infections.evidence[i], cell: (i) => word(infections.evidence[i]) },
        { title: t("Generation"), value: (i) => infections.generation[i], figure: true },
        { title: t("Infected others"), value: (i) => infections.children[i], figure: true },
        { title: t("Packets"), value: (i) => infections.packets[i]?.join("-"), cell: (i) => infections.packets[i]?.join("–"), figure: true },
      ]} />
    </details>
  );
}

export function PatientZero({ of }: { of: Outbreak }) {
  const zero = of.patient_zero;
  if (!zero) return <><h3>{t("Patient zero")}</h3><p>{t("Nobody can be named as the first: the outbreak began before or outside what was seen.")}</p></>;
  const candidates = zero.candidates?.length ? zero.candidates : [zero];
  return (
    <>
      <h3>{t("Patient zero: who was first")}</h3>
      <Table name={`patient-zero-${of.id}`} rows={candidates} keyOf={(c) => c.host} columns={[
        { title: t("Host"), value: (c) => c.host, cell: (c) => hostLink(of.id, c.host) },
        {
          title: t("Posterior"), value: (c) => c.posterior,
          cell: (c) => <><span class={c.host === zero.host ? "share zero" : "share"} style={{ width: `${Math.max(2, c.posterior * 120)}px` }} />{certainty(c.posterior)}</>,
        },
      ]} />
      {of.family?.runners_up && of.family.runners_up.length > 0 && (
        <>
          <h3>{t("What is this? Against the catalogue")}</h3>
          <Table name={`families-${of.id}`} rows={[{ name: of.family.name, score: of.family.score }, ...of.family.runners_up]} keyOf={(f) => f.name} columns={[
            { title: t("Family"), value: (f) => family(f.name), cell: (f) => <a href={`/catalogue/${f.name}`}>{family(f.name)}</a> },
            { title: t("Likeness"), value: (f) => f.score, cell: (f) => <><span class="share" style={{ width: `${Math.max(2, f.score * 120)}px` }} />{certainty(f.score)}</> },
          ]} />
        </>
      )}
    </>
  );
}

export function Attacked({ attempts, origin }: { attempts: readonly FailedAttempt[]; origin: number }) {
  if (!attempts.length) return null;
  return (
    <details>
      <summary>{plural(attempts.length, "Attacked, but not seen infected: {1} pair", "Attacked, but not seen infected: {1} pairs")}</summary>
      <Table name="attacked" rows={attempts} keyOf={(a) => `${a.source} ${a.target} ${a.what}`} columns={[
        { title: t("Source"), value: (a) => a.source },
        { title: t("Target"), value: (a) => a.target },
        { title: t("Attempts"), value: (a) => a.attempts, figure: true },
        { title: t("First"), value: (a) => a.first_t, cell: (a) => `${clock(origin + a.first_t * 1000)}, ${relative(a.first_t)}` },
        { title: t("Last"), value: (a) => a.last_t, cell: (a) => `${clock(origin + a.last_t * 1000)}, ${relative(a.last_t)}` },
        { title: t("What"), value: (a) => a.what },
      ]} />
    </details>
  );
}

/** The display filter to paste into Wireshark: shown where there is room, copied by a button. */
function CopyText({ text }: { text: string }) {
  const [done, setDone] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setDone(true), () => setDone(false));
  return <button type="button" class="mini" title={text} onClick={() => void copy()}>{done ? t("Copied") : t("Copy the filter")}</button>;
}

export function Signs({ signs, origin, inputs }: { signs: readonly Sign[]; origin: number; inputs?: readonly FactsInput[] }) {
  if (!signs.length) return <p class="note">{t("No sign of a known way of spreading was seen.")}</p>;
  const filter = (s: Sign) => `ip.addr == ${s.source} && ip.addr == ${s.target} && frame.number >= ${s.packets[0]} && frame.number <= ${s.packets[1]}`;
  return (
    <Table name="signs" rows={signs} keyOf={(s) => `${s.name} ${s.source} ${s.target} ${s.packets[0]}`} columns={[
      { title: t("Sign"), value: (s) => s.name },
      { title: t("Grade"), value: (s) => s.grade, cell: (s) => word(s.grade) },
      { title: t("Source"), value: (s) => s.source },
      { title: t("Target"), value: (s) => s.target },
      { title: t("Service"), value: (s) => service(s.proto, s.port) },
      { title: t("Time"), value: (s) => s.t, cell: (s) => `${clock(origin + s.t * 1000)}, ${relative(s.t)}`, short: true },
      { title: t("Packets"), value: (s) => s.packets.join("-"), cell: (s) => `${s.packets.join("–")}${inputs && inputs.length > 1 ? ` (${inputs[s.input ?? 0]?.path ?? ""})` : ""}` },
      { title: "ATT&CK", value: (s) => s.technique },
      { title: t("Detail"), value: (s) => (s.detail ? clause(s.detail) : null), wide: true },
      { title: t("Filter"), value: filter, cell: (s) => <CopyText text={filter(s)} /> },
    ]} />
  );
}

/** The list of what a form of log cannot tell: each clause is a text of the program. */
function clauses(list: string): string {
  return list.split("; ").map((clause) => t(clause)).join("; ");
}

function state(input: FactsInput): string {
  const error = input.error;
  if (!error) return input.cannot_tell ? t("read to its end; cannot tell: {1}", clauses(input.cannot_tell)) : t("read to its end");
  return typeof error === "string" ? error : t("{1} at byte {2}", error.text, grouped(error.offset ?? 0));
}

export function Inputs({ inputs, limits }: { inputs: readonly FactsInput[]; limits: readonly Limit[] }) {
  return (
    <>
      {inputs.length > 0 && (
        <details>
          <summary>{t("What was read")}</summary>
          <Table name="inputs" rows={inputs} keyOf={(i) => i.path} columns={[
            { title: t("Input"), value: (i) => i.path },
            { title: t("Format"), value: (i) => i.format },
            { title: t("Packets"), value: (i) => i.packets, cell: (i) => grouped(i.packets), figure: true },
            { title: t("Bytes"), value: (i) => i.bytes, cell: (i) => bytes(i.bytes), figure: true },
            { title: t("First"), value: (i) => stamp(i.first) },
            { title: t("Last"), value: (i) => stamp(i.last) },
            { title: t("Malformed"), value: (i) => i.malformed, cell: (i) => grouped(i.malformed), figure: true },
            { title: t("State"), value: state },
          ]} />
        </details>
      )}
      {limits.length > 0 && (
        <details>
          <summary>{t("Limits reached")}</summary>
          <Table name="limits" rows={limits} keyOf={(l) => l.name} columns={[
            { title: t("Limit"), value: (l) => t(l.name) },
            { title: t("Reached"), value: (l) => l.reached, cell: (l) => grouped(l.reached), figure: true },
            { title: t("Effect"), value: (l) => t(l.effect) },
          ]} />
        </details>
      )}
    </>
  );
}

export function RawFacts({ analysis }: { analysis: number }) {
  return <p><a href={`/api/v1/analyses/${analysis}/facts`} download={`facts-${analysis}.json`}>{t("The raw facts (JSON)")}</a></p>;
}
