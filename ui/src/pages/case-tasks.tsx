// SPDX-License-Identifier: Apache-2.0
/* What is to be done in a case: what its classes oblige to and forbid, and the tasks by department. */
import { useEffect, useState } from "preact/hooks";
import { useMay } from "../app";
import { patch, post, press, Problem } from "../api/client";
import { listen } from "../api/events";
import { useLoad, usePages, type Pages, type Placed } from "../api/load";
import type { Case, CaseDuties, CaseDuty, CaseTask } from "../api/case";
import { milliseconds, stamp } from "../format";
import { More, Show, Wrong } from "../parts/words";
import { useNamed } from "../parts/landing";
import { useTarget } from "../router";
import { plural, t } from "../text";
import { department, DEPARTMENTS, word } from "../words";

function Duty({ title, of }: { title: string; of: CaseDuty | null }) {
  if (!of) return null;
  return (
    <div class="duty">
      <h3>{`${title}: ${of.name}`}</h3>
      <p><strong>{t("To do:")}</strong> {of.obliges}</p>
      <p><strong>{t("Not to do:")}</strong> {of.forbids}</p>
      <p class="note">{t("Source: {1}", t(of.source))}</p>
    </div>
  );
}

/** What the countermeasure class and the handling class oblige to and forbid. */
export function Duties({ of }: { of: Case }) {
  const loaded = useLoad<CaseDuties>(`/cases/${of.id}/duties`);
  return (
    <Show loaded={loaded}>{(duties) => (
      <div class="duties">
        <Duty title={t("Countermeasure class")} of={duties.countermeasure} />
        <Duty title={t("Handling class")} of={duties.handling} />
      </div>
    )}</Show>
  );
}

export const isOver = (task: CaseTask): boolean => task.state === "done" || task.state === "dropped";
const late = (task: CaseTask, now: number): boolean => !isOver(task) && Boolean(task.due) && milliseconds(task.due) < now;

/** What a person may do with a task, in the order of likelihood. */
function steps(task: CaseTask): readonly (readonly [string, string])[] {
  if (isOver(task)) return [["open", t("Take it up again")]];
  const done: readonly [string, string] = ["done", t("Done")];
  return task.state === "open" ? [["doing", t("I take it")], done, ["dropped", t("Drop")]] : [done, ["dropped", t("Drop")]];
}

const TASK: Placed<CaseTask> = { prefix: "task-", of: (task) => task.id };

function Task({ task, of, may, now, changed }: { task: CaseTask; of: Case; may: boolean; now: number; changed: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const here = useNamed(`task-${task.id}`);
  const send = (body: object) => patch(`/cases/${of.id}/tasks/${task.id}`, body).then(() => { setProblem(null); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <li id={`task-${task.id}`} aria-current={here ? "true" : undefined} class={`task ${task.state}${late(task, now) ? " late" : ""}${here ? " wanted" : ""}`}>
      {problem && <Wrong problem={problem} />}
      <p class="title"><span class={`state task-${late(task, now) ? "late" : task.state}`}>{word(`task ${task.state}`)}</span> <strong>{task.title}</strong></p>
      <p class="note">
        {task.due ? `${late(task, now) ? t("was due {1}", stamp(task.due)) : t("until {1}", stamp(task.due))}` : t("no date")}
        {task.assignee ? ` · ${task.assignee}` : ""}{task.readiness ? ` · ${t("lasts beyond the case")}` : ""}
      </p>
      {(task.text || task.playbook) && <details><summary>{t("How")}</summary>{task.text && <p>{task.text}</p>}{task.playbook && <p class="note">{t("Playbook: {1}", task.playbook)}</p>}</details>}
      {may && <div class="bar">{steps(task).map(([state, says]) => <button type="button" key={state} aria-label={`${says}: ${task.title}`} onClick={() => void send({ state })}>{says}</button>)}</div>}
    </li>
  );
}

/** Departments with their tasks, those with work that is late first, then in the order of the playbooks. */
function groups(tasks: readonly CaseTask[], now: number): [string, CaseTask[]][] {
  const by = new Map<string, CaseTask[]>();
  for (const task of tasks) by.set(task.department ?? "", [...(by.get(task.department ?? "") ?? []), task]);
  const rank = (name: string) => (DEPARTMENTS.includes(name) ? DEPARTMENTS.indexOf(name) : DEPARTMENTS.length);
  const lateIn = (list: readonly CaseTask[]) => list.filter((task) => late(task, now)).length;
  for (const list of by.values()) list.sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || (milliseconds(a.due) || Infinity) - (milliseconds(b.due) || Infinity) || a.id - b.id);
  return [...by.entries()].sort((a, b) => Number(lateIn(b[1]) > 0) - Number(lateIn(a[1]) > 0) || rank(a[0]) - rank(b[0]));
}

function NewTask({ of, changed }: { of: Case; changed: () => void }) {
  const [title, setTitle] = useState("");
  const [who, setWho] = useState("desk");
  const [hours, setHours] = useState("24");
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const due = Number(hours) > 0 ? new Date(Date.now() + Number(hours) * 3600000).toISOString() : null;
    post(`/cases/${of.id}/tasks`, { title, department: who, due }).then(() => { setTitle(""); setProblem(null); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  };
  return (
    <form class="bar" onSubmit={submit}>
      {problem && <Wrong problem={problem} />}
      <label class="field grow"><span>{t("A further task")}</span><input value={title} maxLength={300} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
      <label class="field"><span>{t("Department")}</span><select value={who} onChange={(event) => setWho(event.currentTarget.value)}>{DEPARTMENTS.map((name) => <option key={name} value={name}>{department(name)}</option>)}</select></label>
      <label class="field"><span>{t("Hours from now")}</span><input type="number" min={1} max={10000} value={hours} onInput={(event) => setHours(event.currentTarget.value)} /></label>
      <button type="submit" disabled={!title.trim()}>{t("Set the task")}</button>
    </form>
  );
}

/** The tasks of a case, brought up to date as others change them. */
export function useTasks(id: string): Pages<CaseTask> {
  const loaded = usePages<CaseTask>(`/cases/${id}/tasks?limit=1000`, TASK);
  useEffect(() => listen("case", loaded.reload, loaded.reload), [id]);
  return loaded;
}

/** The board: a column for each department. */
export function Tasks({ of, loaded }: { of: Case; loaded: Pages<CaseTask> }) {
  const may = useMay("analyst") && of.state !== "merged";
  const [whole, setWhole] = useState(false);
  const target = useTarget().id;
  const [problem, setProblem] = useState<Problem | null>(null);
  const lay = () => press(`/cases/${of.id}/tasks/lay`).then(() => { setProblem(null); loaded.reload(); }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <>
      <h2 id="tasks">{t("Tasks by department")}</h2>
      {problem && <Wrong problem={problem} />}
      <Show loaded={loaded}>{(list) => {
        const now = Date.now();
        const open = list.items.filter((task) => !isOver(task));
        const shown = whole ? list.items : list.items.filter((task) => !isOver(task) || target === `task-${task.id}`);
        const behind = open.filter((task) => late(task, now)).length;
        return (
          <>
            <p>{[plural(open.length, "{1} task is open.", "{1} tasks are open."), behind ? plural(behind, "{1} is late.", "{1} are late.") : "", t("{1} of {2} are done.", list.items.filter((task) => task.state === "done").length, list.items.length)].filter(Boolean).join(" ")}</p>
            {may && !list.items.length && <div class="bar"><button type="button" class="main" onClick={() => void lay()}>{t("Take the tasks of the playbooks")}</button></div>}
            <div class="board">
              {groups(shown, now).map(([name, tasks]) => (
                <section key={name} aria-label={department(name)}>
                  <h3>{`${department(name)} (${tasks.length})`}</h3>
                  <ul>{tasks.map((task) => <Task key={task.id} task={task} of={of} may={may} now={now} changed={loaded.reload} />)}</ul>
                </section>
              ))}
            </div>
            {list.items.length > open.length && <div class="bar"><button type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>{t("Show what is done as well")}</button></div>}
            <More of={loaded} />
            {may && <NewTask of={of} changed={loaded.reload} />}
          </>
        );
      }}</Show>
    </>
  );
}
