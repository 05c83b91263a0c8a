// SPDX-License-Identifier: Apache-2.0
/* How far would it go, and what would a measure buy? Scenarios to edit and run, simulations to compare. Nothing is ever sent. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useMay } from "../app";
import { post, Problem, put } from "../api/client";
import { useLoad, usePages } from "../api/load";
import type { Job, List, Scenario, Simulation, YamlError } from "../api/types";
import { type Fan, Fans, reachedOf } from "../charts/fan";
import { readInfections } from "../charts/infections";
import { Replay } from "../charts/replay";
import { fallenBy } from "../charts/infections";
import { Tree } from "../charts/tree";
import { useView } from "../charts/view";
import { duration, grouped, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, Field, More, Progress, Show, Wrong } from "../parts/words";
import { go, setQuery, useAddress, useTarget } from "../router";
import { plural, t } from "../text";
import { Compared } from "./compared";
import { jobProgress, useJobs } from "./jobs";

const WAIT_MS = 400;

/** What the server says of the text, asked a moment after the last key. */
function useErrors(yaml: string): { errors: readonly YamlError[]; checked: string } {
  const [state, setState] = useState<{ errors: readonly YamlError[]; checked: string }>({ errors: [], checked: "" });
  useEffect(() => {
    if (!yaml.trim()) return undefined;
    let over = false;
    const timer = setTimeout(() => {
      post<{ valid: boolean; errors?: YamlError[] }>("/scenarios/validate", { yaml }).then(
        (answer) => { if (!over) setState({ errors: answer.errors ?? [], checked: yaml }); },
        (wrong: unknown) => { if (!over) setState({ errors: [{ line: 0, message: wrong instanceof Error ? wrong.message : String(wrong) }], checked: yaml }); });
    }, WAIT_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [yaml]);
  return state;
}

function Text({ yaml, change, errors }: { yaml: string; change: (yaml: string) => void; errors: readonly YamlError[] }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const show = (line: number) => {
    const element = area.current;
    if (!element || line < 1) return;
    const lines = yaml.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    element.focus();
    element.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <>
      <textarea class="yaml" ref={area} spellcheck={false} aria-label={t("Scenario as YAML")} aria-invalid={errors.length > 0} value={yaml} onInput={(event) => change(event.currentTarget.value)} />
      {errors.map((error, i) => (
        <p key={i} class="wrong"><button type="button" class="plain" onClick={() => show(error.line)}>{t("line {1}", error.line)}</button> {error.key ? `${error.key}: ` : ""}{error.message}</p>
      ))}
    </>
  );
}

type Form = typeof import("./scenario-form").ScenarioForm;

/** The form comes with a YAML reader of its own: loaded when this page opens, not with the others. */
function LazyForm({ yaml, change }: { yaml: string; change: (yaml: string) => void }) {
  const [loaded, setLoaded] = useState<{ Form: Form } | null>(null);
  useEffect(() => void import("./scenario-form").then((module) => setLoaded({ Form: module.ScenarioForm })), []);
  return loaded ? <loaded.Form yaml={yaml} change={change} /> : <p class="note" role="status">{t("Reading from the server.")}</p>;
}

/** Simulations that were asked for, until they are there: one opens, two are compared. */
function Running({ asked, done }: { asked: readonly Job[]; done: () => void }) {
  const { jobs } = useJobs();
  const now = asked.map((job) => jobs.find((one) => one.id === job.id) ?? job);
  const made = now.map((job) => (job.state === "done" ? job.simulation : null)).filter((id): id is number => typeof id === "number");
  const all = made.length === asked.length;
  useEffect(() => {
    if (!all) return;
    if (made.length === 1) return go(`/simulate/${made[0]}`);
    setQuery({ compare: made.join(",") });
    done();
  }, [all]);
  const failed = now.find((job) => job.state === "failed" || job.state === "cancelled");
  if (failed) return <Wrong problem={new Problem(0, t("The simulation failed."), failed.message ?? "")} />;
  return <>{now.map((job) => <p key={job.id} role="status"><Progress share={job.progress} says={jobProgress(job)} /></p>)}</>;
}

/** The scenario as it would be if nobody did anything. */
async function withoutMeasures(yaml: string): Promise<string> {
  const document = (await import("yaml")).parseDocument(yaml);
  document.delete("measures");
  const title = document.get("title");
  document.set("title", t("{1}, without measures", typeof title === "string" ? title : String(document.get("name") ?? "")));
  return document.toString();
}

function Editor({ scenario, reload, again }: { scenario: Scenario; reload: () => void; again: () => void }) {
  const [yaml, setYaml] = useState(scenario.yaml);
  const [tab, setTab] = useState<"form" | "yaml">("form");
  const [runs, setRuns] = useState("");
  const [seed, setSeed] = useState("");
  const [asked, setAsked] = useState<readonly Job[]>([]);
  const [beside, setBeside] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { errors, checked } = useErrors(yaml);
  const valid = checked === yaml && errors.length === 0;
  const fail = (wrong: unknown) => setProblem(wrong as Problem);
  const measured = /^measures:\s*(?:$|\[\s*[^\s\]])/m.test(yaml);
  const order = (text: string) => post<Job>("/jobs", { kind: "simulate", yaml: text, ...(runs ? { runs: Number(runs) } : {}), ...(seed ? { seed: Number(seed) } : {}) });
  // Without the measures first: then the second one is what they buy.
  const run = async () => setAsked(measured && beside ? [await order(await withoutMeasures(yaml)), await order(yaml)] : [await order(yaml)]);
  const name = /^name:\s*(\S+)/m.exec(yaml)?.[1] ?? scenario.name;
  const save = () => (scenario.builtin || name !== scenario.name ? post<Scenario>("/scenarios", { name, yaml }) : put<Scenario>(`/scenarios/${scenario.id}`, { name, yaml })).then(reload, fail);
  return (
    <>
      <div class="tabs" role="tablist">
        <button type="button" role="tab" aria-selected={tab === "form"} onClick={() => setTab("form")}>{t("Form")}</button>
        <button type="button" role="tab" aria-selected={tab === "yaml"} onClick={() => setTab("yaml")}>YAML</button>
      </div>
      {tab === "form" ? <LazyForm yaml={yaml} change={setYaml} /> : <Text yaml={yaml} change={setYaml} errors={errors} />}
      {tab === "form" && errors.map((error, i) => <p key={i} class="wrong">{t("line {1}", error.line)} {error.key ? `${error.key}: ` : ""}{error.message}</p>)}
      <p class="note" role="status">{checked !== yaml ? t("Being checked.") : valid ? t("The scenario is valid.") : plural(errors.length, "{1} mistake.", "{1} mistakes.")}</p>
      {problem && <Wrong problem={problem} />}
      <div class="bar">
        <Field name={t("Runs (else as the scenario says)")}><input type="number" min={1} max={100000} value={runs} onInput={(event) => setRuns(event.currentTarget.value)} /></Field>
        <Field name={t("Seed (else as the scenario says)")}><input type="number" min={0} value={seed} onInput={(event) => setSeed(event.currentTarget.value)} /></Field>
        <button type="button" class="main" disabled={!valid || asked.length > 0} onClick={() => void run().catch(fail)}>{t("Simulate")}</button>
        <button type="button" disabled={!valid} onClick={() => void save()}>{t("Keep this scenario")}</button>
      </div>
      {measured && <label class="tick"><input type="checkbox" checked={beside} onChange={(event) => setBeside(event.currentTarget.checked)} /> {t("Also without its measures, with the same seed, to compare")}</label>}
      {asked.length > 0 && <Running asked={asked} done={() => { setAsked([]); again(); }} />}
    </>
  );
}

function Compare({ simulations }: { simulations: readonly Simulation[] }) {
  const chosen = (useAddress().searchParams.get("compare") ?? "").split(",").map(Number).filter((id) => simulations.some((s) => s.id === id)).slice(0, 2);
  const first = useLoad<Simulation>(chosen[0] !== undefined ? `/simulations/${chosen[0]}` : null);
  const second = useLoad<Simulation>(chosen[1] !== undefined ? `/simulations/${chosen[1]}` : null);
  const fans: Fan[] = [first.data, second.data].flatMap((s) => (s ? [{ name: s.title || t("Simulation {1}", s.id), simulation: s }] : []));
  const toggle = (id: number) => setQuery({ compare: (chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen.slice(-1), id]).join(",") || null });
  return (
    <>
      <Table name="simulations" rows={simulations} keyOf={(s) => s.id} columns={[
        { title: t("Compare"), value: (s) => (chosen.includes(s.id) ? 1 : 0), cell: (s) => <input type="checkbox" checked={chosen.includes(s.id)} aria-label={t("Compare simulation {1}", s.id)} onChange={() => toggle(s.id)} /> },
        { title: t("Simulation"), wide: true, value: (s) => s.title || s.id, cell: (s) => <a href={`/simulate/${s.id}`}>{s.title || t("Simulation {1}", s.id)}</a> },
        { title: t("Runs"), value: (s) => s.runs, cell: (s) => grouped(s.runs), figure: true },
        { title: t("Seed"), value: (s) => s.seed, figure: true },
        { title: t("Infected (median)"), value: (s) => s.summary?.infected?.median, cell: (s) => (s.summary?.infected ? grouped(s.summary.infected.median) : "–"), figure: true },
        { title: t("Made"), value: (s) => milliseconds(s.created), cell: (s) => stamp(s.created), short: true },
      ]} />
      {fans.length > 0 && <Compared fans={fans} />}
    </>
  );
}

function Choice({ all, chosen }: { all: readonly Scenario[]; chosen: Scenario }) {
  return (
    <div class="bar">
      <Field name={t("Scenario")}>
        <select id={chosen.builtin ? undefined : `scenario-${chosen.id}`} value={chosen.name} onChange={(event) => setQuery({ scenario: event.currentTarget.value })}>
          {all.map((s) => <option key={`${s.id} ${s.name}`} value={s.name}>{s.name}{s.builtin ? "" : ` (${t("your own")})`}</option>)}
        </select>
      </Field>
    </div>
  );
}

export function Simulate() {
  const may = useMay("analyst");
  const scenarios = useLoad<List<Scenario>>("/scenarios?limit=1000");
  const simulations = usePages<Simulation>("/simulations?limit=1000&sort=-created");
  const wanted = useAddress().searchParams.get("scenario");
  const target = useTarget().id;
  if (scenarios.error?.status === 404)
    return (
      <>
        <Answer>{t("This server runs no simulations.")}</Answer>
        <Empty><p>{t("On the command line:")}</p><p><code>ekigaku simulate scenarios/lecture-6pc.yaml --out lecture</code></p></Empty>
      </>
    );
  return (
    <>
      <Answer>{t("How far would it go, and what would a measure buy? Choose a scenario, change it, run it.")}</Answer>
      <p class="note">{t("A simulation is arithmetic: hosts are entries in tables, and nothing is sent.")}</p>
      <Show loaded={scenarios}>{(list) => {
        const chosen = list.items.find((s) => s.name === wanted) ?? list.items.find((s) => !s.builtin && `scenario-${s.id}` === target) ?? list.items[0];
        return !chosen ? <Empty>{t("The server knows no scenario.")}</Empty> : (
          <>
            <Choice all={list.items} chosen={chosen} />
            {may ? <Editor key={`${chosen.id} ${chosen.name}`} scenario={chosen} reload={scenarios.reload} again={simulations.reload} /> : <pre>{chosen.yaml}</pre>}
          </>
        );
      }}</Show>
      <h2>{t("Simulations that were run")}</h2>
      <Show loaded={simulations}>{(list) => (list.items.length ? <Compare simulations={list.items} /> : <Empty>{t("None yet: run a scenario above.")}</Empty>)}</Show>
      <More of={simulations} />
    </>
  );
}

function FirstRun({ simulation }: { simulation: Simulation }) {
  const infections = useMemo(() => (simulation.tree ? readInfections(simulation.tree) : null), [simulation.tree]);
  const view = useView(NaN, 0, infections?.t[infections.count - 1] ?? 1);
  if (!infections || infections.count === 0) return null;
  return (
    <>
      <h2>{t("The first run")}</h2>
      <Replay view={view} fallen={fallenBy(infections, view.now)} all={infections.count} />
      <Tree infections={infections} attempts={[]} zero={infections.host[0] ?? null} view={view} openHost={() => undefined} />
    </>
  );
}

function Result({ of }: { of: Simulation }) {
  const infected = of.summary?.infected;
  const half = reachedOf(of).find((r) => r.percent === 50);
  const words = infected
    ? half ? t("In half of the runs {1} of {2} hosts fall, half of them within {3}.", grouped(infected.median), grouped(of.summary?.hosts ?? 0), duration(half.t)) : t("In half of the runs {1} of {2} hosts fall.", grouped(infected.median), grouped(of.summary?.hosts ?? 0))
    : t("This simulation has no result.");
  return (
    <>
      <Answer kicker={<a href="/simulate">{t("Simulation {1}", of.title || of.id)}</a>}>{words}</Answer>
      <p class="note">{t("Nothing here happened, and nothing was sent.")}</p>
      <Facts of={[
        [t("Runs"), grouped(of.runs)], [t("Seed"), of.seed], [t("Hosts that can fall"), grouped(of.summary?.hosts ?? 0)],
        [t("Infected, nine tenths of the runs"), infected ? (infected.low === infected.high ? grouped(infected.low) : `${grouped(infected.low)}–${grouped(infected.high)}`) : "–"],
      ]} />
      {of.summary?.source && <p class="note">{t("Source of the figures: {1}", of.summary.source)}</p>}
      <Fans fans={[{ name: of.title || t("Simulation {1}", of.id), simulation: of }]} />
      <FirstRun simulation={of} />
    </>
  );
}

export function SimulationPage({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const loaded = useLoad<Simulation>(`/simulations/${encodeURIComponent(parameters["id"] ?? "")}`);
  return <Show loaded={loaded} whole>{(of) => <Result of={of} />}</Show>;
}
